#include "sms/carrier.hpp"

#include "sms/aliyun.hpp"
#include "sms/failover.hpp"
#include "sms/tencent.hpp"

namespace zhiku::sms {

std::unique_ptr<carrier> make_carrier(settings how,
                                      std::shared_ptr<outgoing::client> via) {
  if (how.name.empty())
    how.name = name_of(how.by);
  if (how.by == provider::aliyun)
    return make_aliyun(std::move(how), std::move(via));
  return make_tencent(std::move(how), std::move(via));
}

std::unique_ptr<carrier> make_carriers(std::vector<settings> in_order,
                                       std::shared_ptr<outgoing::client> via) {
  std::vector<std::unique_ptr<carrier>> all;
  for (auto& how : in_order)
    all.push_back(make_carrier(std::move(how), via));
  return all.size() == 1 ? std::move(all.front())
                         : make_failover(std::move(all));
}

std::string name_of(provider by) {
  return by == provider::aliyun ? "aliyun" : "tencent";
}

} // namespace zhiku::sms
