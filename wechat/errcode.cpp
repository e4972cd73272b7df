#include "wechat/errcode.hpp"

#include "base/ip_ranges.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace zhiku::wechat {

namespace {

using enum retry_class;
using step = next_step;
using mark = person_mark;
using pause = pause_scope;
using std::chrono::seconds;

constexpr auto table = std::to_array<advice>({
  {-1000, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{1}},
  {-1, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{1}},
  {0, none, step::await_report},
  {20013, never, step::park},
  {40001, with_new_token, step::park, mark::none, pause::none, true},
  {40002, never, step::sms_if_urgent, mark::none, pause::account, true},
  {40003, never, step::sms, mark::binding_broken},
  {40007, never, step::ask_person},
  {40013, never, step::sms_if_urgent, mark::none, pause::account, true},
  {40014, with_new_token, step::park, mark::none, pause::none, true},
  {40015, never, step::park},
  {40016, never, step::park},
  {40017, never, step::park},
  {40018, never, step::park},
  {40019, never, step::park},
  {40020, never, step::park},
  {40021, never, step::park},
  {40022, never, step::park},
  {40023, never, step::park},
  {40024, never, step::park},
  {40025, never, step::park},
  {40026, never, step::park},
  {40027, never, step::park},
  {40028, never, step::park},
  {40029, never, step::ask_person},
  {40030, never, step::ask_person},
  {40036, never, step::park, mark::none, pause::none, true},
  {40037, never, step::sms, mark::none, pause::template_id, true},
  {40118, never, step::ask_person},
  {40119, never, step::park},
  {40120, never, step::park},
  {40125, never, step::sms_if_urgent, mark::none, pause::account, true},
  {40163, never, step::ask_person},
  {40164, never, step::sms, mark::none, pause::account, true},
  {40243, never, step::sms, mark::none, pause::account, true},
  {41001, never, step::park, mark::none, pause::none, true},
  {41002, never, step::sms_if_urgent, mark::none, pause::account, true},
  {41004, never, step::sms_if_urgent, mark::none, pause::account, true},
  {41009, never, step::park, mark::none, pause::none, true},
  {41028, never, step::park, mark::none, pause::none, true},
  {41029, never, step::park, mark::none, pause::none, true},
  {41030, never, step::park, mark::none, pause::none, true},
  {42001, with_new_token, step::park, mark::none, pause::none, true},
  {42002, never, step::ask_person},
  {42003, never, step::ask_person},
  {42007, never, step::ask_person},
  {43002, never, step::park, mark::none, pause::none, true},
  {43004, never, step::sms, mark::not_following},
  {43019, never, step::sms},
  {43101, never, step::sms, mark::refused_template},
  {43107, never, step::sms, mark::none, pause::template_id, true},
  {43108, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{1}},
  {43116, never, step::sms, mark::none, pause::template_id, true},
  {43117, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{600}},
  {44002, never, step::park, mark::none, pause::none, true},
  {45002, never, step::shorten},
  {45003, never, step::shorten},
  {45009, tomorrow, step::sms_if_urgent, mark::none, pause::none, true},
  {45011, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{60}},
  {45015, never, step::park},
  {45047, never, step::park},
  {45065, none, step::await_report},
  {45066, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{60}},
  {45067, never, step::park, mark::none, pause::none, true},
  {45103, never, step::sms, mark::none, pause::none, true},
  {45109, never, step::sms, mark::none, pause::none, true},
  {45168, never, step::sms, mark::none, pause::none, true},
  {46003, none, step::nothing},
  {46004, never, step::sms, mark::not_following},
  {47001, never, step::park, mark::none, pause::none, true},
  {47003, never, step::shorten, mark::none, pause::none, true},
  {48001, never, step::park, mark::none, pause::none, true},
  {48002, never, step::sms, mark::refused_template},
  {48004, never, step::sms, mark::none, pause::account, true},
  {48006, tomorrow, step::park},
  {50001, backoff, step::sms_if_urgent, mark::none, pause::none, false,
   seconds{1}},
  {50002, never, step::sms, mark::none, pause::account, true},
  {50004, never, step::sms, mark::none, pause::account, true},
  {50005, never, step::sms, mark::not_following},
  {50007, never, step::sms, mark::none, pause::account, true},
  {61004, never, step::sms, mark::none, pause::account, true},
  {61007, never, step::park, mark::none, pause::none, true},
  {65316, never, step::park},
  {65317, never, step::park},
  {89501, never, step::sms, mark::none, pause::account, true},
  {89503, never, step::sms, mark::none, pause::account, true},
  {89506, never, step::sms, mark::none, pause::account, true},
  {89507, never, step::sms, mark::none, pause::account, true},
});

static_assert(std::is_sorted(table.begin(), table.end(),
                             [](const advice& a, const advice& b) {
                               return a.errcode < b.errcode;
                             }));

constexpr advice unknown_outcome = {
  0, backoff, step::sms_if_urgent, mark::none, pause::none, false, seconds{1}};

} // namespace

std::span<const advice> known_errcodes() {
  return table;
}

advice advice_for(int errcode) {
  auto found = std::lower_bound(
    table.begin(), table.end(), errcode,
    [](const advice& row, int wanted) { return row.errcode < wanted; });
  if (found != table.end() && found->errcode == errcode)
    return *found;
  return {errcode,     never, step::park, mark::none,
          pause::none, true,  seconds{0}};
}

advice advice_for(const api_error& error) {
  switch (error.kind) {
  case failure::platform:
    return advice_for(error.errcode);
  case failure::http:
    if (error.http_status < 500)
      return {0, never, step::park, mark::none, pause::none, true, seconds{0}};
    break;
  case failure::unreachable:
  case failure::malformed:
    break;
  }
  return unknown_outcome;
}

advice advice_for_report(std::string_view status) {
  // The platform writes "failed:user block" but "failed: system failed".
  std::string joined{status};
  std::erase(joined, ' ');
  if (joined == "success")
    return {0, none, step::nothing, mark::none, pause::none, false, seconds{0}};
  if (joined.find("userblock") != std::string::npos)
    return advice_for(43101);
  return {0, backoff, step::sms, mark::none, pause::none, false, seconds{1}};
}

std::string refused_address(std::string_view errmsg) {
  // "invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in whitelist"
  for (std::string_view label : {"invalid ip ", "ipv6 "}) {
    auto at = errmsg.find(label);
    if (at == std::string_view::npos)
      continue;
    auto rest = errmsg.substr(at + label.size());
    auto address = rest.substr(0, rest.find_first_of(" ,"));
    if (ip_address::of(address))
      return std::string{address};
  }
  return {};
}

} // namespace zhiku::wechat
