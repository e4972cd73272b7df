#include "http/idempotency.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

bool is_key(std::string_view key) {
  return key.size() <= 64 && std::all_of(key.begin(), key.end(), [](char ch) {
           return ch > 0x20 && ch < 0x7f;
         });
}

} // namespace

domain::result<std::string> command_id_of(std::string_view key,
                                          std::string_view owner,
                                          std::string_view route) {
  if (key.empty())
    return std::string{};
  if (!is_key(key))
    return domain::refusal{
      domain::errc::invalid_input,
      {},
      {{"Idempotency-Key", "malformed", "须为 1 至 64 个可见字符"}}};
  // A line break is in none of the three, so the parts cannot run together.
  auto text =
    std::string{owner} + "\n" + std::string{route} + "\n" + std::string{key};
  return to_hex(sha256(text));
}

} // namespace zhiku::http
