#pragma once
// What comes in through the front door and what goes out. Plain values without
// threads; nothing here knows the HTTP library.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace zhiku::http {

/// Orders header names; ASCII case does not matter (RFC 9110 section 5.1).
struct less_ignoring_case {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const;
};

/// Whether both are equal but for ASCII case.
bool equal_ignoring_case(std::string_view a, std::string_view b);

/// `text` without white space and line breaks at both ends.
std::string_view trim_blanks(std::string_view text);

using header_map = std::multimap<std::string, std::string, less_ignoring_case>;
using query_map = std::multimap<std::string, std::string, std::less<>>;

/// One query parameter as asked for.
struct query_parameter {
  std::optional<std::string_view> value; ///< the first one; none when absent
  bool repeated = false; ///< given more than once, even with equal values
};

/// One complete request. Views handed out live as long as the request and are
/// void once it is moved.
struct request {
  std::string id;     ///< goes out again as X-Request-Id
  std::string method; ///< upper case
  std::string path;   ///< percent-decoded, without the query
  std::string target; ///< as it came, with the query
  query_map query;    ///< percent-decoded, `+` is a space; repeats are kept
  header_map headers; ///< values as they came
  std::string body;   ///< chunks joined; never decompressed
  std::string remote_address; ///< of the socket's peer, numeric, without port
  std::map<std::string, std::string, std::less<>> path_params; ///< router's

  /// The first header of that name, in any case; empty when absent.
  std::string_view header(std::string_view name) const;

  /// The first cookie of exactly that name, without surrounding quotes.
  std::optional<std::string_view> cookie(std::string_view name) const;

  query_parameter parameter(std::string_view name) const;
};

/// One answer. The server adds Date, Content-Length, Connection and
/// X-Request-Id, and drops those given here and any header that holds a line
/// break.
struct response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  /// The connection ends one byte before the answer does. For those who test
  /// clients: the sandbox plays a platform that breaks off.
  bool is_cut = false;

  /// Replaces every header of that name.
  response& set_header(std::string_view name, std::string value);

  /// Adds one more header of that name, for Set-Cookie and its like.
  response& add_header(std::string_view name, std::string value);

  static response json(int status, const nlohmann::json& content);

  /// `text/plain` in UTF-8.
  static response text(int status, std::string content);
};

/// The parameters of `query`, the part of a target behind `?`. A parameter
/// without `=` has an empty value; a broken percent sequence stays as it is.
query_map parse_query(std::string_view query);

/// The standard phrase for `status`, or "Unknown".
std::string_view reason_phrase(int status);

} // namespace zhiku::http
