#pragma once
// Faults that were ordered for coming calls (PROTOCOL 10). Not thread-safe.

#include <cstdint>
#include <list>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// Whether the visitor is a snapshot user, and who the platform says it is.
enum class snapshot : std::uint8_t {
  none,
  virtual_openid, ///< one nobody has, with a unionid that many share
  known_openid,   ///< the person's own: the flag alone tells
};

/// What a call is to do wrong. Several may be set.
struct fault {
  nlohmann::json errcode; ///< null: none; a text for the SMS carriers
  std::string errmsg;     ///< of `errcode`; empty: the platform's own words
  int latency_ms = 0;
  int http_status = 0;       ///< 0: none
  bool hang = false;         ///< say nothing until the caller has given up
  bool drop = false;         ///< close the connection in mid-answer
  bool html = false;         ///< 200 with a page in place of JSON
  bool revoke_token = false; ///< the access token dies as the call arrives
  snapshot visitor = snapshot::none; ///< OAuth

  // Of what we send: pushes, template reports, SMS reports.
  bool duplicate = false; ///< deliver twice
  bool hold = false;      ///< keep back until released
  bool first = false; ///< deliver before the call that caused it is answered
  std::string status; ///< in place of success
};

class fault_board {
public:
  /// Adds `{api, after, count, …}`: the first `after` calls of `api` stay
  /// well, the next `count` (default 1, 0 for all) meet the fault.
  void add(const nlohmann::json& order);

  void clear();

  /// The fault that the next call of `api` meets; uses it up.
  fault take(const std::string& api);

private:
  struct entry {
    std::string api;
    fault what;
    int after = 0;
    int left = 1;
    bool forever = false;
  };

  std::list<entry> entries_;
};

} // namespace zhiku::sandbox
