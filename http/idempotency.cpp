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
                                          std::string_view owner) {
  if (key.empty())
    return std::string{};
  if (!is_key(key))
    return domain::refusal{
      domain::errc::invalid_input,
      {},
      {{"Idempotency-Key", "malformed", "须为 1 至 64 个可见字符"}}};
  // A line break is in neither, so the parts cannot run together.
  return to_hex(sha256(std::string{owner} + "\n" + std::string{key}));
}

std::string request_digest(std::string_view owner, std::string_view operation,
                           const domain::json& body) {
  auto text = std::string{owner} + "\n" + std::string{operation} + "\n";
  return to_hex(sha256(text + body.dump()));
}

bool requests_in_progress::enter(const std::string& command_id) {
  std::lock_guard lock{mutex_};
  return ids_.insert(command_id).second;
}

void requests_in_progress::leave(const std::string& command_id) {
  std::lock_guard lock{mutex_};
  ids_.erase(command_id);
}

} // namespace zhiku::http
