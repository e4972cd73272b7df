#include "sandbox/world.hpp"

namespace zhiku::sandbox {

namespace {

constexpr const char* original_id = "gh_sandbox000001";
constexpr const char* trouble = "该公众号提供的服务出现故障，请稍后再试";

} // namespace

world::world(settings with)
    : how(std::move(with)), sms(how.sms_secret_id, how.sms_secret_key),
      outbox(how, [this](push_answer answer) {
        std::lock_guard lock{guard};
        auto* who = followers.find(answer.openid);
        if (who == nullptr)
          return;
        if (answer.broken)
          note(*who, time.now(), {{"kind", "error"}, {"text", trouble}});
        else if (!answer.text.empty())
          note(*who, time.now(), {{"kind", "reply"}, {"text", answer.text}});
      }) {
  // nop
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

void world::deliver(const std::string& api, wechat::push what) {
  ++calls[api];
  auto wrong = faults.take(api);
  if (wrong.drop)
    return;
  if (!wrong.status.empty())
    what.status = wrong.status;
  std::chrono::milliseconds delay{wrong.latency_ms};
  if (wrong.duplicate)
    outbox.send(what, delay);
  outbox.send(std::move(what), delay);
}

void world::subscribe(follower& who, const qr_scene* by,
                      const std::string& ticket) {
  who.subscribed = true;
  who.subscribed_at = time.now();
  auto what = push_of(who.openid, "subscribe");
  if (by != nullptr) {
    what.event_key = "qrscene_" + by->scene;
    what.ticket = ticket;
  }
  deliver("push", std::move(what));
}

} // namespace zhiku::sandbox
