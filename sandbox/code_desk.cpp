#include "sandbox/code_desk.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace zhiku::sandbox {

namespace {

constexpr std::chrono::minutes lifetime{5};
constexpr int invalid_code = 40029;
constexpr int code_been_used = 40163;
constexpr int code_expired = 42003;

} // namespace

std::string code_desk::issue(grant what, instant now) {
  auto code = to_hex(random_bytes(16));
  entries_[code] = {std::move(what), now};
  return code;
}

std::variant<code_desk::grant, int> code_desk::redeem(const std::string& code,
                                                      instant now) {
  auto found = entries_.find(code);
  if (found == entries_.end())
    return invalid_code;
  auto& known = found->second;
  if (known.used)
    return code_been_used;
  if (now - known.issued_at >= lifetime)
    return code_expired;
  known.used = true;
  return known.what;
}

} // namespace zhiku::sandbox
