#include "sandbox/pusher.hpp"

#include "sandbox/timed_worker.hpp"
#include "sms/url.hpp"

#include <httplib.h>

namespace zhiku::sandbox {

namespace {

constexpr std::size_t lane_count = 4;

struct job {
  wechat::push what;
  std::function<void()> settled;
  int retries_left = 0;
  push_codec::request written; ///< of the first try; empty before
};

} // namespace

/// One thread with its own connection; a follower always has the same lane.
class pusher::lane {
public:
  lane(const settings& how, pusher& parent, answered_function answered)
      : retry_after_(how.push_retry_after), parent_(parent),
        answered_(std::move(answered)), where_(sms::split_url(how.callback)),
        client_(where_.origin) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_url_encode(false);
    client_.set_connection_timeout(how.push_patience);
    client_.set_read_timeout(how.push_patience);
  }

  ~lane() {
    worker_.stop();
    client_.stop();
  }

  void add(job what, std::chrono::milliseconds delay) {
    worker_.add([this, what = std::move(what)] { deliver(what); }, delay);
  }

  std::size_t pending() const {
    return worker_.pending();
  }

private:
  void deliver(job what) {
    if (what.written.query.empty() || !parent_.repeat_signatures_)
      what.written = parent_.codec_.write(what.what);
    auto answer = client_.Post(where_.path + '?' + what.written.query,
                               what.written.body, "text/xml");
    if (!answer && what.retries_left > 0) {
      --what.retries_left;
      add(std::move(what), retry_after_);
      return;
    }
    auto text = answer && answer->status == 200
                  ? parent_.codec_.read(answer->body)
                  : std::nullopt;
    answered_({what.what.from_user, text.value_or(""), !text});
    if (what.settled)
      what.settled();
  }

  std::chrono::milliseconds retry_after_;
  pusher& parent_;
  answered_function answered_;
  sms::url_parts where_;
  httplib::Client client_;
  timed_worker worker_; ///< last: its thread uses all of the above
};

pusher::pusher(const settings& how, answered_function answered)
    : codec_(how), retries_(how.push_retries) {
  for (std::size_t i = 0; i < lane_count; ++i)
    lanes_.push_back(std::make_unique<lane>(how, *this, answered));
}

pusher::~pusher() = default;

void pusher::send(wechat::push what, std::chrono::milliseconds delay,
                  std::function<void()> settled) {
  auto& own = *lanes_[std::hash<std::string>{}(what.from_user) % lane_count];
  own.add({std::move(what), std::move(settled), retries_, {}}, delay);
}

void pusher::repeat_signatures(bool yes) {
  repeat_signatures_ = yes;
}

std::size_t pusher::pending() const {
  std::size_t sum = 0;
  for (const auto& each : lanes_)
    sum += each->pending();
  return sum;
}

} // namespace zhiku::sandbox
