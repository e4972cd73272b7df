#pragma once
// Randomness from OpenSSL's generator. Thread-safe. Never for `domain/`, which
// takes its ids and seeds from the context it is given.

#include <cstddef>
#include <string>

namespace zhiku {

/// `count` cryptographically strong random bytes. Aborts the process when the
/// generator fails, because nothing safe can follow.
std::string random_bytes(std::size_t count);

/// A new UUIDv7 (RFC 9562) as lower-case text; sorts by its creation time.
std::string new_uuid();

/// An opaque token of 256 random bits, URL-safe, 43 characters.
std::string new_token();

} // namespace zhiku
