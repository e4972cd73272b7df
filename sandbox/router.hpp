#pragma once
// Which handler serves what, by method and path. Filled once, then read by any
// thread.

#include <map>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include <httplib.h>

namespace zhiku::sandbox {

/// In place of an HTTP status: the answer breaks off before its end.
inline constexpr int broken_off = 0;

class router {
public:
  using handler = httplib::Server::Handler;

  /// @param path  a regular expression for the whole path; its groups are the
  ///              request's `matches`. The first that matches serves.
  void get(const std::string& path, handler by); ///< HEAD too
  void post(const std::string& path, handler by);
  void put(const std::string& path, handler by);
  void remove(const std::string& path, handler by);

  /// 404 where nothing matches, 500 when the handler throws.
  void serve(httplib::Request& asked, httplib::Response& answer) const;

private:
  using route = std::pair<std::regex, handler>;

  std::map<std::string, std::vector<route>> routes_; ///< by method
};

} // namespace zhiku::sandbox
