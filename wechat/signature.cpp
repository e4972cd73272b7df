#include "wechat/signature.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

#include <algorithm>

namespace zhiku::wechat {

std::string signature_of(std::vector<std::string_view> parts) {
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (auto part : parts)
    joined += part;
  return to_hex(sha1(joined));
}

bool verify_signature(std::vector<std::string_view> parts,
                      std::string_view given) {
  return constant_time_equal(signature_of(std::move(parts)), given);
}

} // namespace zhiku::wechat
