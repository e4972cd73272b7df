#include "sandbox/consent_desk.hpp"

namespace zhiku::sandbox {

void consent_desk::accept(const std::string& openid,
                          const std::string& template_id, bool lasting) {
  auto& of = consents_[{openid, template_id}];
  of.lasting = of.lasting || lasting;
  ++of.left;
}

void consent_desk::withdraw(const std::string& openid,
                            const std::string& template_id) {
  consents_.erase({openid, template_id});
}

bool consent_desk::take(const std::string& openid,
                        const std::string& template_id) {
  auto found = consents_.find({openid, template_id});
  if (found == consents_.end())
    return false;
  auto& of = found->second;
  if (of.lasting)
    return true;
  if (of.left == 0)
    return false;
  --of.left;
  return true;
}

} // namespace zhiku::sandbox
