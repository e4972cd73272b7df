#include "outgoing/error.hpp"

namespace zhiku::outgoing {

std::string_view name_of(errc code) {
  switch (code) {
  case errc::invalid_request:
    return "invalid_request";
  case errc::busy:
    return "busy";
  case errc::stopped:
    return "stopped";
  case errc::cancelled:
    return "cancelled";
  case errc::unreachable:
    return "unreachable";
  case errc::untrusted:
    return "untrusted";
  case errc::timed_out:
    return "timed_out";
  case errc::broken:
    return "broken";
  case errc::too_large:
    return "too_large";
  case errc::malformed:
    return "malformed";
  }
  return "unknown";
}

} // namespace zhiku::outgoing
