#pragma once
// Everything the sandbox remembers, and the doors that change it. Whoever
// touches a desk holds `guard`; routes get that from `served_by`.

#include "sandbox/clock.hpp"
#include "sandbox/code_desk.hpp"
#include "sandbox/fault_board.hpp"
#include "sandbox/follower_book.hpp"
#include "sandbox/pusher.hpp"
#include "sandbox/settings.hpp"
#include "sandbox/sms_desk.hpp"
#include "sandbox/template_desk.hpp"
#include "sandbox/token_desk.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// What a QR code with parameter stands for.
struct qr_scene {
  std::string scene;
  instant expires_at;
};

struct world {
  explicit world(settings how);

  /// A push of this follower with sender, receiver and time filled in.
  wechat::push push_of(const std::string& openid, std::string event) const;

  /// Hands a push to the pusher, with the faults ordered for `api`.
  void deliver(const std::string& api, wechat::push what);

  /// The follower follows: by himself, or by the QR code with `scene`.
  void subscribe(follower& who, const qr_scene* by, const std::string& ticket);

  const settings how;
  clock time;

  std::mutex guard;
  token_desk tokens;
  code_desk codes;
  follower_book followers;
  template_desk templates;
  sms_desk sms;
  fault_board faults;
  std::map<std::string, qr_scene> qr_codes; ///< by ticket
  nlohmann::json menu;                      ///< null: none
  std::string jsapi_ticket;
  instant jsapi_ticket_end{};
  std::map<std::string, std::uint64_t> calls; ///< by API

  /// Last, so that its threads end before what they report to.
  pusher outbox;
};

} // namespace zhiku::sandbox
