#include "sms/http_call.hpp"

#include "base/lenient_json.hpp"

namespace zhiku::sms {

http_call::http_call(const std::string& base_url, const settings& how,
                     std::shared_ptr<outgoing::client> via)
    : where_(split_url(base_url)), via_(std::move(via)) {
  within_.connect = how.connect_timeout;
  within_.total = how.total_timeout;
}

http_call::answer
http_call::post(const std::string& query,
                const std::map<std::string, std::string>& headers,
                const std::string& body, arrives times) {
  outgoing::request what;
  what.by = outgoing::method::post;
  what.url = where_.origin + where_.path;
  if (!query.empty())
    what.url += '?' + query;
  what.headers = {headers.begin(), headers.end()};
  what.body = body;
  what.repeatable = times == arrives::any_times;
  what.within = within_;
  auto got = via_->wait_for(std::move(what));
  if (!got)
    return {{}, got.error().may_have_arrived};
  auto parsed = parse_leniently(got->body);
  if (!parsed.is_object())
    return {};
  return {std::move(parsed)};
}

} // namespace zhiku::sms
