#pragma once
// Everything the sandbox remembers, and the doors that change it. Whoever
// touches a desk holds `guard`; routes get that from `served_by`.

#include "sandbox/call_gauge.hpp"
#include "sandbox/clock.hpp"
#include "sandbox/consent_desk.hpp"
#include "sandbox/fault_board.hpp"
#include "sandbox/follower_book.hpp"
#include "sandbox/login_desk.hpp"
#include "sandbox/media_desk.hpp"
#include "sandbox/oauth_desk.hpp"
#include "sandbox/pusher.hpp"
#include "sandbox/qr_desk.hpp"
#include "sandbox/quota_desk.hpp"
#include "sandbox/report_sender.hpp"
#include "sandbox/settings.hpp"
#include "sandbox/sms_desk.hpp"
#include "sandbox/stop_gate.hpp"
#include "sandbox/template_desk.hpp"
#include "sandbox/token_desk.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// What a person does when asked for consent and saying no (PROTOCOL 3).
enum class oauth_refusal : std::uint8_t {
  stay,       ///< never comes back
  state_only, ///< comes back with `state` alone
  authdeny,   ///< comes back with `code=authdeny`
};

/// What can be changed while running; see the control API.
struct options {
  bool bound = true; ///< to an open platform account: there are unionids
  std::vector<std::string> allow_list; ///< may fetch tokens; empty: everybody
  std::string oauth_domain; ///< host of redirect addresses; empty: any
  oauth_refusal on_refusal = oauth_refusal::stay;
  std::size_t user_page = 10'000; ///< openids a page of `user/get`
  std::string sms_report_url;     ///< `{carrier}` in it stands for the name
};

/// A ticket of one type, as `getticket` deals it.
struct js_ticket {
  std::string ticket;
  instant end{};
};

/// What is to be reported of an SMS.
struct sms_outcome {
  std::string serial;
  std::string failure; ///< empty: it arrived
};

struct world {
  /// What has to be waited for before a call may be answered; often empty.
  using wait = std::function<void()>;

  explicit world(settings how);

  /// A push of this follower with sender, receiver and time filled in.
  wechat::push push_of(const std::string& openid, std::string event) const;

  /// Hands a push to the pusher, with the faults ordered for `api`.
  wait deliver(const std::string& api, wechat::push what);

  /// Sends what was held back, oldest first.
  void release_pushes();

  /// Reports what became of an SMS, with the faults ordered for `sms_report`.
  wait report_sms(const std::string& serial);

  /// Sends the SMS reports held back; those of one carrier in one array when
  /// `together`.
  void release_sms_reports(bool together);

  /// The follower follows: by himself, or by a QR code.
  void subscribe(follower& who, const qr_desk::code* by);

  /// `path` at our own address, for links and pictures.
  std::string url(const std::string& path) const {
    return base_url + path;
  }

  /// Settles the outcomes and posts them, grouped by carrier.
  void send_reports(const std::vector<sms_outcome>& outcomes,
                    std::chrono::milliseconds delay = {},
                    std::function<void()> settled = {});

  const settings how;
  clock time;
  std::string base_url; ///< set once, before the first call
  call_gauge under_way; ///< of the platform's API

  std::mutex guard;
  options chosen;
  token_desk tokens;
  oauth_desk oauth;
  login_desk logins;
  follower_book followers;
  template_desk templates;
  consent_desk consents;
  sms_desk sms;
  fault_board faults;
  quota_desk quotas;
  qr_desk qr_codes;
  media_desk media;
  nlohmann::json menu;                        ///< null: none
  std::array<int, 2> industries{1, 2};        ///< primary, deputy
  std::map<std::string, js_ticket> tickets;   ///< by type
  std::map<std::string, std::uint64_t> calls; ///< by API
  std::map<std::string, nlohmann::json> requests_by_rid;
  std::deque<std::string> rids; ///< oldest first

  std::vector<wechat::push> held_pushes;
  std::vector<sms_outcome> held_reports;

  stop_gate closing; ///< opened when the server is to stop

  /// Last, so that their threads end before what they report to.
  pusher outbox;
  report_sender reports;
};

} // namespace zhiku::sandbox
