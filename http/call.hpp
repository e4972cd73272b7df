#pragma once
// One request on its way through a handler: what was asked, by whom, and the
// one right to answer. Shared by the callbacks of a flow; no two threads use
// it at a time, but for answering, which all may try.

#include "domain/entity.hpp"
#include "http/message.hpp"
#include "http/session.hpp"

#include <atomic>

namespace zhiku::http {

struct route;

class call {
public:
  using sender = std::function<void(response)>;

  call(request asked, const route& matched, sender send);
  ~call(); ///< what is never answered leaves nothing behind

  /// The request; `path_params` are those of the route, checked.
  request asked;
  const route& matched;

  /// The body, checked against the route's schema; null when it has none.
  domain::json body;

  /// The login; absent on open routes, and there whenever the route asks for
  /// one.
  std::optional<session> login;
  std::string token;      ///< that the login was found by
  bool internal = false;  ///< may see what those who run the site see
  bool by_bearer = false; ///< the token came in Authorization, not in a cookie

  /// "" when the client did not ask for repeats to be known.
  std::string command_id;
  /// `request_digest` of this request; "" together with `command_id`.
  std::string digest;
  /// Called once, right before the answer goes out; may be empty.
  std::function<void()> before_answer;

  const std::string& path(std::string_view name) const;

  /// A query parameter, or "".
  std::string query(std::string_view name) const;

  /// The asker for deciders.
  domain::actor_ref who() const;

  // Answering: the first of these wins.

  /// Whether this was the first.
  bool try_answer(response what) const;

  void answer(response what) const;
  void answer(int status, const domain::json& content) const;
  void refuse(const domain::refusal& why) const;
  void refuse(domain::errc code) const;

private:
  mutable std::atomic<bool> answered_{false};
  sender send_;
};

using call_ptr = std::shared_ptr<call>;

/// The asker behind a session: APPLICANT, VISITOR until the person is known, or
/// the roles of the staff account.
domain::actor_ref actor_behind(const session& login);

} // namespace zhiku::http
