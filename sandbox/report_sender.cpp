#include "sandbox/report_sender.hpp"

#include "sms/url.hpp"

#include <httplib.h>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::chrono::seconds patience{5};

/// Whether the answer is one that Aliyun counts as taken.
bool is_taken(const httplib::Result& answer) {
  if (!answer || answer->status != 200)
    return false;
  auto body = json::parse(answer->body, nullptr, false);
  return body.is_object() && body.value("code", json{}) == 0;
}

} // namespace

report_sender::report_sender(std::vector<std::chrono::milliseconds> retry_after)
    : retry_after_(std::move(retry_after)) {
  // nop
}

void report_sender::send(batch what, std::chrono::milliseconds delay,
                         std::function<void()> settled) {
  worker_.add([this, what = std::move(what),
               settled = std::move(settled)] { deliver(what, 0, settled); },
              delay);
}

std::size_t report_sender::pending() const {
  return worker_.pending();
}

void report_sender::deliver(const batch& what, std::size_t tries,
                            const std::function<void()>& settled) {
  auto where = sms::split_url(what.url);
  httplib::Client client{where.origin};
  client.set_connection_timeout(patience);
  client.set_read_timeout(patience);
  auto answer =
    client.Post(where.path, what.reports.dump(), "application/json");
  if (settled && tries == 0)
    settled();
  if (what.again_until_taken && tries < retry_after_.size()
      && !is_taken(answer))
    worker_.add([this, what, tries] { deliver(what, tries + 1, {}); },
                retry_after_[tries]);
}

} // namespace zhiku::sandbox
