#pragma once
// Why an outgoing call has no answer. Values; no I/O.

#include <cstdint>
#include <string>
#include <string_view>

namespace zhiku::outgoing {

enum class errc : std::uint8_t {
  invalid_request, ///< no absolute http(s) URL, a broken header, or a wait on
                   ///< the client's own thread: nothing was done
  busy,        ///< too many calls to that origin under way: nothing was done
  stopped,     ///< the client ends
  cancelled,   ///< by `client::cancel`
  unreachable, ///< no name, no connection, no TLS
  untrusted,   ///< the certificate is not good, or another host's
  timed_out,   ///< no connection, answer or end of it in time, or too slow
  broken,      ///< the connection ended before the answer did
  too_large,   ///< the answer is larger than allowed; not read to its end
  malformed,   ///< what came is no HTTP
};

/// "timed_out", for logs.
std::string_view name_of(errc code);

/// May be logged: holds no URL, no header and nothing that the peer wrote.
struct error {
  errc code = errc::broken;
  /// Whether the peer may have the request, whole or in part. When false,
  /// making the call once more can do nothing twice.
  bool may_have_arrived = false;
  std::string detail; ///< for operators; never compare it
};

} // namespace zhiku::outgoing
