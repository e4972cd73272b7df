#include "base/random.hpp"

#include "base/encoding.hpp"

#include <chrono>
#include <cstdlib>

#include <openssl/rand.h>

namespace zhiku {

std::string random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()),
                 static_cast<int>(count))
      != 1)
    std::abort();
  return out;
}

std::string new_uuid() {
  using namespace std::chrono;
  auto ms = static_cast<unsigned long long>(
    duration_cast<milliseconds>(system_clock::now().time_since_epoch())
      .count());
  auto bytes = random_bytes(16);
  for (int i = 0; i < 6; ++i)
    bytes[static_cast<std::size_t>(i)] =
      static_cast<char>((ms >> (40 - 8 * i)) & 255);
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x70);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  auto hex = to_hex(bytes);
  return hex.substr(0, 8) + '-' + hex.substr(8, 4) + '-' + hex.substr(12, 4)
         + '-' + hex.substr(16, 4) + '-' + hex.substr(20);
}

std::string new_token() {
  return to_base64url(random_bytes(32));
}

} // namespace zhiku
