#include "sms/http_carrier.hpp"

#include <utility>

namespace zhiku::sms {

http_carrier::http_carrier(settings how, std::shared_ptr<outgoing::client> via,
                           const char* own_address)
    : how_(std::move(how)),
      call_(how_.base_url.empty() ? own_address : how_.base_url, how_,
            std::move(via)) {
  // nop
}

result http_carrier::send(const message& what) {
  auto answer = sent(what);
  answer.carrier = how_.name;
  return answer;
}

status http_carrier::status_of(const inquiry& about) {
  if (!about.carrier.empty() && about.carrier != how_.name)
    return {};
  return told(about);
}

} // namespace zhiku::sms
