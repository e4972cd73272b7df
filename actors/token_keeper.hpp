#pragma once
// The account's access token and JS ticket, each one for all nodes: fetched by
// one at a time, ahead of its end, and replaced only while it is still the one
// that failed. PROTOCOL 2, 6. No CAF here.

#include "actors/clock.hpp"
#include "actors/metrics.hpp"
#include "persistence/platform_tokens.hpp"
#include "wechat/api.hpp"
#include "wechat/errcode.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace zhiku::actors {

/// One of the two. Thread-safe: whoever needs it while it is being fetched gets
/// the old one if that is still good, and else waits for the new one.
class shared_grant {
public:
  struct fresh {
    std::string text;
    std::chrono::seconds life;
  };
  using fetcher = std::function<wechat::result<fresh>()>;

  shared_grant(std::string name, persistence::platform_tokens store,
               std::shared_ptr<const clock> time,
               std::shared_ptr<metrics> counts);

  wechat::result<std::string> get(const fetcher& fetch);

  struct at_hand {
    /// As `get` would give it at once, a failure too; none: it would fetch.
    std::optional<wechat::result<std::string>> text;
    bool is_due = false; ///< somebody should `get` a new one meanwhile
  };

  /// For those who must not block.
  at_hand held();

  /// The platform refused `failing`: the one now held if it is another one, or
  /// else what the platform gives. That it gives the same again is an error,
  /// since then its age is not the cause. From then on `get` and `replace` fail
  /// at once, without a call, and every 30 s at first, every 10 min later, one
  /// caller may try the token again (W13).
  wechat::result<std::string> replace(const std::string& failing,
                                      const fetcher& fetch);

  /// The platform took `text`; ends what `replace` began.
  void note_accepted(const std::string& text);

private:
  enum class age { good, due, over };

  age held_age() const;
  std::string held_text() const;
  void hold(const persistence::platform_token& what);
  bool is_refused(const std::string& text) const;
  bool may_probe(const std::string& text);
  bool end_probe(const std::string& text);
  void note_refused(const std::string& text);
  void remember_failure(const wechat::api_error& why);
  std::optional<wechat::api_error> fresh_failure() const;
  wechat::result<std::string>
  renew(const std::string& failing,
        persistence::platform_tokens::when_busy busy, const fetcher& fetch);
  persistence::platform_token dated(const fresh& what) const;
  void tell_of_takeover(const persistence::platform_token& lost);

  const std::string name_;
  std::shared_ptr<const clock> time_;
  std::shared_ptr<metrics> counts_;
  mutable std::mutex held_mutex_;
  persistence::platform_token held_;
  wechat::api_error failure_;      ///< of the latest fetch
  domain::instant failed_until_{}; ///< so long nobody asks again
  std::string refused_;            ///< given again although it is refused
  std::chrono::seconds refused_for_{0};
  domain::instant probe_at_{}; ///< one caller may try the refused one again
  bool probing_ = false;       ///< and does
  std::mutex fetch_mutex_;     ///< also guards `store_`
  persistence::platform_tokens store_;
};

class token_keeper {
public:
  /// `keys` must outlive it.
  token_keeper(const std::string& dsn, persistence::vault& keys,
               std::shared_ptr<const clock> time,
               std::shared_ptr<metrics> counts);

  /// Makes a call that needs the access token: `work(token)`, and once more
  /// with another token when the platform refuses the first.
  template <class Work>
  auto call(wechat::api& by, Work work) -> decltype(work(std::string{})) {
    auto token = get(by);
    if (!token)
      return token.error();
    auto answer = work(*token);
    if (!is_refused(*token, answer))
      return answer;
    auto other = replace(*token, by);
    if (!other)
      return other.error();
    return work(*other);
  }

  wechat::result<std::string> jsapi_ticket(wechat::api& by);

  // The steps of `call`, for those who must not block: `held` and, on another
  // thread, `get` and `replace`.

  shared_grant::at_hand held() {
    return access_.held();
  }
  shared_grant::at_hand held_ticket() {
    return ticket_.held();
  }
  wechat::result<std::string> get(wechat::api& by) {
    return access_.get(access_fetcher(by));
  }
  wechat::result<std::string> replace(const std::string& refused,
                                      wechat::api& by) {
    return access_.replace(refused, access_fetcher(by));
  }

  /// Whether `answer`, to a call with `token`, asks for another one.
  template <class T>
  bool is_refused(const std::string& token, const wechat::result<T>& answer) {
    if (!answer && asks_for_new_token(answer.error()))
      return true;
    if (answer || answer.error().kind == wechat::failure::platform)
      access_.note_accepted(token);
    return false;
  }

private:
  static bool asks_for_new_token(const wechat::api_error& why);
  shared_grant::fetcher access_fetcher(wechat::api& by);

  shared_grant access_;
  shared_grant ticket_;
};

} // namespace zhiku::actors
