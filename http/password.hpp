#pragma once
// Staff passwords: argon2id, encoded with its parameters. Slow on purpose: call
// off the actor threads.

#include <string>

namespace zhiku::http {

std::string hash_password(const std::string& password);

/// Whether `password` is that of `encoded`; an encoded text that argon2 does
/// not understand fits no password.
bool verify_password(const std::string& encoded, const std::string& password);

/// A hash that fits no known password, so that an unknown login takes as long
/// as a known one. Computed once.
const std::string& decoy_password_hash();

} // namespace zhiku::http
