#pragma once
// Who is at the other end of a request, when proxies of ours stand between, and
// by which key requests are counted. Pure.

#include "base/ip_ranges.hpp"
#include "http/message.hpp"

namespace zhiku::http {

/// The address that no trusted proxy wrote: the socket's peer, or, as long as
/// that is a trusted proxy, the address that it added to X-Forwarded-For. All
/// lines of that header count as one list, since a proxy may add a line of its
/// own. What does not parse ends the walk: the last address known stands.
std::string client_address(const request& asked, const ip_ranges& trusted);

/// What one visitor can be taken to hold: an IPv4 address, of IPv6 the /64. The
/// text itself when it is no address.
std::string address_key(std::string_view address);

/// The neighbourhood: the /24 of IPv4, the /48 of IPv6.
std::string network_key(std::string_view address);

} // namespace zhiku::http
