#pragma once
// The hash chain of a stream, from texts that are already canonical. Internal
// to persistence; `next_chain` in store.hpp is the same for everybody else.

#include "persistence/store.hpp"

#include <string>

namespace zhiku::persistence {

/// @param actor, data  canonical JSON
std::string chain_of_texts(const std::string& previous,
                           const std::string& stream, std::int32_t version,
                           instant at, const std::string& actor,
                           const domain::event& ev, const std::string& data,
                           const std::string& sealed);

} // namespace zhiku::persistence
