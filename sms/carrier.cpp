#include "sms/carrier.hpp"

#include "sms/aliyun.hpp"
#include "sms/tencent.hpp"

namespace zhiku::sms {

std::unique_ptr<carrier> make_carrier(settings how) {
  if (how.by == provider::aliyun)
    return make_aliyun(std::move(how));
  return make_tencent(std::move(how));
}

} // namespace zhiku::sms
