#include "sandbox/world.hpp"

#include <future>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr const char* original_id = "gh_sandbox000001";
constexpr const char* trouble = "该公众号提供的服务出现故障，请稍后再试";
constexpr std::string_view carrier_place = "{carrier}";

/// A task that fulfils a promise, and the wait for it.
struct rendezvous {
  explicit rendezvous(std::chrono::milliseconds patience) {
    auto done = std::make_shared<std::promise<void>>();
    arrived = [done] { done->set_value(); };
    wait = [future = std::make_shared<std::future<void>>(done->get_future()),
            patience] { future->wait_for(patience); };
  }

  std::function<void()> arrived;
  world::wait wait;
};

std::string report_url(std::string pattern, const std::string& carrier) {
  if (auto at = pattern.find(carrier_place); at != std::string::npos)
    pattern.replace(at, carrier_place.size(), carrier);
  return pattern;
}

/// What a report is ordered to say; empty: that it arrived.
std::string failure_in(const fault& wrong) {
  return wrong.status == "success" ? std::string{} : wrong.status;
}

} // namespace

world::world(settings with)
    : how(std::move(with)), sms({how.sms_secret_id, how.sms_secret_key}),
      outbox(
        how,
        [this](const push_answer& answer) {
          std::lock_guard lock{guard};
          auto* who = followers.find(answer.openid);
          if (who == nullptr)
            return;
          if (answer.broken)
            note(*who, time.now(), {{"kind", "error"}, {"text", trouble}});
          else if (!answer.text.empty())
            note(*who, time.now(), {{"kind", "reply"}, {"text", answer.text}});
        }),
      reports(how.sms_report_retries) {
  chosen.bound = how.bound;
  chosen.sms_report_url = how.sms_report_url;
}

wechat::push world::push_of(const std::string& openid,
                            std::string event) const {
  wechat::push out;
  out.to_user = original_id;
  out.from_user = openid;
  out.create_time =
    std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  out.msg_type = "event";
  out.event = std::move(event);
  return out;
}

world::wait world::deliver(const std::string& api, wechat::push what) {
  ++calls[api];
  auto wrong = faults.take(api);
  if (wrong.drop)
    return {};
  if (!wrong.status.empty())
    what.status = wrong.status;
  if (wrong.hold) {
    held_pushes.push_back(std::move(what));
    return {};
  }
  std::chrono::milliseconds delay{wrong.latency_ms};
  if (wrong.duplicate)
    outbox.send(what, delay);
  if (!wrong.first) {
    outbox.send(std::move(what), delay);
    return {};
  }
  rendezvous meeting{how.push_patience};
  outbox.send(std::move(what), delay, meeting.arrived);
  return meeting.wait;
}

void world::release_pushes() {
  for (auto& each : std::exchange(held_pushes, {}))
    outbox.send(std::move(each));
}

world::wait world::report_sms(const std::string& serial) {
  ++calls["sms_report"];
  auto wrong = faults.take("sms_report");
  sms_outcome outcome{serial, failure_in(wrong)};
  if (wrong.hold) {
    held_reports.push_back(outcome);
    return {};
  }
  if (wrong.drop) {
    sms.settle(serial, outcome.failure, time.now());
    return {};
  }
  if (wrong.first) {
    rendezvous meeting{how.push_patience};
    send_reports({outcome}, {}, meeting.arrived);
    return chosen.sms_report_url.empty() ? wait{} : meeting.wait;
  }
  auto delay =
    how.sms_report_delay + std::chrono::milliseconds{wrong.latency_ms};
  send_reports({outcome}, delay);
  if (wrong.duplicate)
    send_reports({outcome}, delay);
  return {};
}

void world::release_sms_reports(bool together) {
  auto held = std::exchange(held_reports, {});
  if (together)
    send_reports(held);
  else
    for (const auto& each : held)
      send_reports({each});
}

void world::send_reports(const std::vector<sms_outcome>& outcomes,
                         std::chrono::milliseconds delay,
                         std::function<void()> settled) {
  std::map<std::string, json> by_carrier;
  for (const auto& each : outcomes)
    if (auto carrier = sms.carrier_of(each.serial); !carrier.empty())
      by_carrier[carrier].push_back(
        sms.settle(each.serial, each.failure, time.now()));
  if (chosen.sms_report_url.empty())
    return;
  for (auto& [carrier, array] : by_carrier)
    reports.send({report_url(chosen.sms_report_url, carrier), std::move(array),
                  carrier == "aliyun"},
                 delay, settled);
}

void world::subscribe(follower& who, const qr_desk::code* by) {
  who.subscribed = true;
  who.subscribed_at = time.now();
  who.contact_at = time.now();
  who.came_by.reset();
  auto what = push_of(who.openid, "subscribe");
  if (by != nullptr) {
    who.came_by = entrance{by->scene, by->scene_is_id};
    what.event_key = "qrscene_" + by->scene;
    what.ticket = by->ticket;
  }
  deliver("push", std::move(what));
}

} // namespace zhiku::sandbox
