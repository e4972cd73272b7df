#pragma once
// Under what the journal remembers which request a command id stands for. A
// request may hold little that cannot be guessed (a phone, six digits), so the
// hash is keyed.

#include "persistence/vault.hpp"

#include <string>

namespace zhiku::persistence {

/// "" stays "": no client's request.
inline std::string request_hash(const vault& keys, const std::string& request) {
  return request.empty() ? std::string{}
                         : keys.lookup_hash("request\n" + request);
}

} // namespace zhiku::persistence
