#include "sandbox/pusher.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "sms/url.hpp"
#include "wechat/message_crypto.hpp"
#include "wechat/signature.hpp"

#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <httplib.h>

namespace zhiku::sandbox {

namespace {

constexpr std::size_t lane_count = 4;

using steady = std::chrono::steady_clock;

struct job {
  wechat::push what;
  int retries_left = 0;
};

std::vector<wechat::message_key> keys_of(const settings& how) {
  auto key = wechat::message_key::of(how.encoding_aes_key);
  return key ? std::vector{*key} : std::vector<wechat::message_key>{};
}

/// Writes pushes and reads replies in the account's mode.
class codec {
public:
  explicit codec(const settings& how)
      : how_(how), keys_(keys_of(how)), crypto_(how.app_id, how.token, keys_) {
    // nop
  }

  struct request {
    std::string query;
    std::string body;
  };

  request write(const wechat::push& what) const {
    auto timestamp = std::to_string(std::time(nullptr));
    auto nonce = to_hex(random_bytes(5));
    request out;
    out.query =
      "signature=" + wechat::signature_of({how_.token, timestamp, nonce})
      + "&timestamp=" + timestamp + "&nonce=" + nonce
      + "&openid=" + percent_encode(what.from_user);
    out.body = wechat::to_xml(what);
    if (how_.mode != wechat::push_mode::plain && !keys_.empty())
      encrypt(out, what, timestamp, nonce);
    return out;
  }

  /// The text of a passive reply, empty for none; nothing when invalid.
  std::optional<std::string> read(const std::string& body) const {
    if (body.empty() || body == "success")
      return std::string{};
    auto clear = decrypted(body);
    auto reply = wechat::parse_push(clear ? *clear : body);
    if (!reply)
      return std::nullopt;
    return reply->content;
  }

private:
  void encrypt(request& out, const wechat::push& what,
               const std::string& timestamp, const std::string& nonce) const {
    auto sealed = crypto_.seal(keys_.front(), out.body, timestamp, nonce);
    out.query += "&encrypt_type=aes&msg_signature=" + sealed.msg_signature;
    if (how_.mode == wechat::push_mode::safe) {
      out.body =
        wechat::push_envelope({what.to_user, sealed.encrypted, {}, {}, {}});
    } else {
      auto both = what;
      both.other.emplace("Encrypt", sealed.encrypted);
      out.body = wechat::to_xml(both);
    }
  }

  std::optional<std::string> decrypted(const std::string& body) const {
    auto outer = wechat::parse_envelope(body);
    if (!outer)
      return std::nullopt;
    auto opened = crypto_.open(outer->timestamp, outer->nonce, outer->encrypted,
                               outer->msg_signature);
    if (!opened)
      return std::nullopt;
    return std::move(opened->message);
  }

  settings how_;
  std::vector<wechat::message_key> keys_;
  wechat::message_crypto crypto_;
};

} // namespace

/// One thread with its own connection; a follower always has the same lane.
class pusher::lane {
public:
  lane(const settings& how, std::function<void(push_answer)> answered)
      : how_(how), codec_(how), answered_(std::move(answered)),
        where_(sms::split_url(how.callback)), client_(where_.origin) {
    client_.set_keep_alive(true);
    client_.set_tcp_nodelay(true);
    client_.set_url_encode(false);
    client_.set_connection_timeout(how.push_patience);
    client_.set_read_timeout(how.push_patience);
    thread_ = std::thread{[this] { run(); }};
  }

  ~lane() {
    {
      std::lock_guard lock{guard_};
      stopping_ = true;
    }
    wake_.notify_all();
    client_.stop();
    thread_.join();
  }

  void add(job what, std::chrono::milliseconds delay) {
    {
      std::lock_guard lock{guard_};
      waiting_.emplace(steady::now() + delay, std::move(what));
    }
    wake_.notify_all();
  }

  std::size_t pending() const {
    std::lock_guard lock{guard_};
    return waiting_.size() + (busy_ ? 1 : 0);
  }

private:
  void run() {
    while (auto next = take()) {
      deliver(std::move(*next));
      std::lock_guard lock{guard_};
      busy_ = false;
    }
  }

  /// Waits for the next job that is due; nothing at the end.
  std::optional<job> take() {
    std::unique_lock lock{guard_};
    while (!stopping_) {
      if (waiting_.empty()) {
        wake_.wait(lock);
      } else if (auto first = waiting_.begin(); first->first > steady::now()) {
        auto due = first->first;
        wake_.wait_until(lock, due);
      } else {
        auto out = std::move(first->second);
        waiting_.erase(first);
        busy_ = true;
        return out;
      }
    }
    return std::nullopt;
  }

  void deliver(job what) {
    auto request = codec_.write(what.what);
    auto answer =
      client_.Post(where_.path + '?' + request.query, request.body, "text/xml");
    if (!answer && what.retries_left > 0) {
      --what.retries_left;
      add(std::move(what), how_.push_retry_after);
      return;
    }
    auto text = answer && answer->status == 200 ? codec_.read(answer->body)
                                                : std::nullopt;
    answered_({what.what.from_user, text.value_or(""), !text});
  }

  settings how_;
  codec codec_;
  std::function<void(push_answer)> answered_;
  sms::url_parts where_;
  httplib::Client client_;

  mutable std::mutex guard_;
  std::condition_variable wake_;
  std::multimap<steady::time_point, job> waiting_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

pusher::pusher(const settings& how, std::function<void(push_answer)> answered)
    : retries_(how.push_retries) {
  for (std::size_t i = 0; i < lane_count; ++i)
    lanes_.push_back(std::make_unique<lane>(how, answered));
}

pusher::~pusher() = default;

void pusher::send(wechat::push what, std::chrono::milliseconds delay) {
  auto& own = *lanes_[std::hash<std::string>{}(what.from_user) % lane_count];
  own.add({std::move(what), retries_}, delay);
}

std::size_t pusher::pending() const {
  std::size_t sum = 0;
  for (const auto& each : lanes_)
    sum += each->pending();
  return sum;
}

} // namespace zhiku::sandbox
