#include "base/random.hpp"

#include "base/encoding.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <unistd.h>

namespace zhiku {

namespace {

void fill(char* bytes, std::size_t count) {
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes),
                 static_cast<int>(count))
      != 1)
    std::abort();
}

/// Random bytes of one thread, made many at a time: a call of the generator
/// costs microseconds whatever it is asked for. Those taken are wiped.
class reserve {
public:
  static constexpr std::size_t size = 1024;

  ~reserve() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
  }

  void take(char* to, std::size_t count) {
    if (left_ < count || owner_ != ::getpid())
      refill();
    auto* from = bytes_.data() + (size - left_);
    std::memcpy(to, from, count);
    OPENSSL_cleanse(from, count);
    left_ -= count;
  }

private:
  void refill() {
    fill(bytes_.data(), size);
    left_ = size;
    owner_ = ::getpid();
  }

  std::array<char, size> bytes_{};
  std::size_t left_ = 0;
  pid_t owner_ = 0; ///< a forked child must not hand out the same again
};

} // namespace

std::string random_bytes(std::size_t count) {
  thread_local reserve stock;
  std::string out(count, '\0');
  if (count > reserve::size)
    fill(out.data(), count);
  else
    stock.take(out.data(), count);
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
