#pragma once
// Faults that were ordered for coming calls (PROTOCOL 10). Not thread-safe.

#include <list>
#include <map>
#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// What a call is to do wrong. Several may be set.
struct fault {
  nlohmann::json errcode; ///< null: none; a text for the SMS carriers
  int latency_ms = 0;
  int http_status = 0;    ///< 0: none
  bool drop = false;      ///< close the connection in mid-answer
  bool html = false;      ///< 200 with a page in place of JSON
  bool duplicate = false; ///< pushes: deliver twice
  bool snapshot = false;  ///< OAuth: the visitor is a snapshot user
  std::string status;     ///< template reports: in place of `success`
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
