#include "domain/notice/delivery.hpp"

#include <algorithm>
#include <array>

namespace zhiku::domain::notice {

namespace {

constexpr std::array<std::string_view, 6> stage_names{
  "SENDING", "RETRYING", "UNKNOWN", "SENT", "FAILED", "DELIVERED"};

constexpr std::array<std::string_view, 3> route_names{"TEMPLATE",
                                                      "SUBSCRIPTION", "SMS"};

constexpr std::chrono::hours beijing_offset{8};

/// What one route has come to.
struct lane {
  enum class is { unused, acting, waiting, settled, failed };
  is how = is::unused;
  std::optional<step> act;
  instant until{};

  static lane to_act(step what) {
    return {is::acting, what, {}};
  }
  static lane to_wait(instant until) {
    return {is::waiting, {}, until};
  }
};

constexpr lane unused{};
const lane settled{lane::is::settled, {}, {}};
const lane failed{lane::is::failed, {}, {}};

/// The newest attempt by a route; null before the first.
const attempt* newest(const facts& known, route via) {
  const attempt* found = nullptr;
  for (const auto& one : known.so_far)
    if (one.via == via && (found == nullptr || one.number > found->number))
      found = &one;
  return found;
}

lane at_time(instant when, const facts& known, step what) {
  return known.now >= when ? lane::to_act(what) : lane::to_wait(when);
}

// --- template message --------------------------------------------------------

lane first_template(const facts& known) {
  if (!known.reachable_by_template)
    return failed;
  if (known.quota_until && !known.what.urgent)
    return lane::to_wait(*known.quota_until);
  return lane::to_act(call{route::template_message, 1});
}

/// The same message again, as long as that does no harm.
lane again(const facts& known, const limits& within, const attempt& last) {
  auto patience = known.what.urgent ? within.patience_urgent : within.patience;
  if (last.at != stage::retrying)
    patience = std::min(patience, within.same_message);
  auto end = last.first_at + patience;
  if (known.now >= end || !known.reachable_by_template)
    return failed;
  auto next =
    last.at == stage::sending ? last.changed_at + call_doubt : last.next_at;
  return at_time(std::min<instant>(next, end), known,
                 call{route::template_message, last.number});
}

/// PROTOCOL 8: without a report it counts as delivered, unless urgent.
lane await_receipt(const facts& known, const limits& within,
                   const attempt& last) {
  auto end = last.changed_at + within.receipt;
  if (known.now < end)
    return lane::to_wait(end);
  return known.what.urgent ? failed : settled;
}

lane template_lane(const facts& known, const limits& within) {
  if (!known.what.by_template)
    return unused;
  const auto* last = newest(known, route::template_message);
  if (last == nullptr)
    return first_template(known);
  switch (last->at) {
  case stage::sending:
  case stage::retrying:
  case stage::unknown:
    return again(known, within, *last);
  case stage::sent:
    return await_receipt(known, within, *last);
  case stage::delivered:
    return settled;
  case stage::failed:
    break;
  }
  if (last->renew && last->number == 1 && known.reachable_by_template)
    return lane::to_act(call{route::template_message, 2});
  return failed;
}

// --- subscription notice -----------------------------------------------------

/// In place of a template message that failed. A consent is good for one, and
/// the platform knows no repeat of it: what may have gone out has gone out.
lane subscription_lane(const facts& known, const limits& within,
                       const lane& by_template) {
  if (by_template.how != lane::is::failed)
    return by_template;
  const auto* last = newest(known, route::subscription);
  if (last == nullptr)
    return known.reachable_by_subscription
             ? lane::to_act(call{route::subscription, 1})
             : failed;
  if (last->at == stage::failed)
    return failed;
  return last->at == stage::delivered ? settled
                                      : await_receipt(known, within, *last);
}

// --- SMS ---------------------------------------------------------------------

lane first_sms(const facts& known, const limits& within) {
  if (!known.reachable_by_sms)
    return failed;
  auto when =
    known.what.reminder ? after_quiet_hours(known.now, within) : known.now;
  return at_time(when, known, call{route::sms, 1});
}

/// SMS know no idempotency (PROTOCOL 9.3): the carrier is asked first, and
/// then it goes out once more at most.
lane doubtful_sms(const facts& known, const attempt& last) {
  if (last.number > 1)
    return settled;
  auto next =
    last.at == stage::sending ? last.changed_at + call_doubt : last.next_at;
  return at_time(next, known, ask_carrier{last.number});
}

lane sms_lane(const facts& known, const limits& within, const lane& by_wechat) {
  auto without_wechat =
    by_wechat.how == lane::is::failed || by_wechat.how == lane::is::unused;
  auto needed = known.what.sms == sms_rule::also
                || (known.what.sms == sms_rule::instead && without_wechat);
  if (!needed)
    return unused;
  const auto* last = newest(known, route::sms);
  if (last == nullptr)
    return first_sms(known, within);
  switch (last->at) {
  case stage::sending:
  case stage::unknown:
    return doubtful_sms(known, *last);
  case stage::retrying:
    return at_time(last->next_at, known, call{route::sms, last->number});
  case stage::sent:
  case stage::delivered:
    return settled;
  case stage::failed:
    break;
  }
  if (last->renew && last->number == 1)
    return lane::to_act(call{route::sms, 2});
  return failed;
}

} // namespace

std::string_view to_text(route via) {
  return route_names[static_cast<std::size_t>(via)];
}

route route_of(std::string_view text) {
  auto found = std::find(route_names.begin(), route_names.end(), text);
  return found == route_names.end()
           ? route::template_message
           : static_cast<route>(found - route_names.begin());
}

std::string_view to_text(stage at) {
  return stage_names[static_cast<std::size_t>(at)];
}

stage stage_of(std::string_view text) {
  auto found = std::find(stage_names.begin(), stage_names.end(), text);
  return found == stage_names.end()
           ? stage::failed
           : static_cast<stage>(found - stage_names.begin());
}

bool may_become(stage from, stage to) {
  switch (from) {
  case stage::sending:
  case stage::retrying:
  case stage::unknown:
    return true;
  case stage::sent:
  case stage::failed:
    return to >= from;
  case stage::delivered:
    break;
  }
  return to == stage::delivered;
}

std::optional<seconds> sms_pause(int tries) {
  constexpr std::array<seconds, 5> pauses{
    seconds{60}, seconds{300}, seconds{1800}, seconds{7200}, seconds{43'200}};
  if (tries < 1 || tries > static_cast<int>(pauses.size()))
    return std::nullopt;
  return pauses[static_cast<std::size_t>(tries - 1)];
}

instant after_quiet_hours(instant at, const limits& within) {
  auto local = at + beijing_offset;
  auto day = std::chrono::floor<std::chrono::days>(local);
  auto hour = std::chrono::floor<std::chrono::hours>(local - day).count();
  auto over_midnight = within.quiet_from > within.quiet_until;
  auto late = hour >= within.quiet_from, early = hour < within.quiet_until;
  auto quiet = over_midnight ? late || early : late && early;
  if (!quiet)
    return at;
  auto next_day = over_midnight && late;
  auto morning = day + std::chrono::days{next_day ? 1 : 0}
                 + std::chrono::hours{within.quiet_until};
  return instant{morning} - beijing_offset;
}

instant after_quota_reset(instant at) {
  auto day = std::chrono::floor<std::chrono::days>(at + beijing_offset);
  return instant{day + std::chrono::days{1} + std::chrono::minutes{5}}
         - beijing_offset;
}

step next_step(const facts& known, const limits& within) {
  auto by_wechat =
    subscription_lane(known, within, template_lane(known, within));
  auto by_sms = sms_lane(known, within, by_wechat);
  for (const auto* one : {&by_wechat, &by_sms})
    if (one->how == lane::is::acting)
      return *one->act;
  std::optional<instant> until;
  for (const auto* one : {&by_wechat, &by_sms})
    if (one->how == lane::is::waiting)
      until = until ? std::min(*until, one->until) : one->until;
  if (until)
    return wait{*until};
  return done{by_wechat.how == lane::is::settled
              || by_sms.how == lane::is::settled};
}

} // namespace zhiku::domain::notice
