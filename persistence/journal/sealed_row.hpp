#pragma once
// What reader and outbox have in common. Internal to persistence/journal.

#include "persistence/vault.hpp"

#include <stdexcept>
#include <string>

#include <soci/soci.h>

namespace zhiku::persistence {

inline std::string text_or_empty(const soci::row& row, std::size_t column) {
  return row.get_indicator(column) == soci::i_null
           ? std::string{}
           : row.get<std::string>(column);
}

/// The clear object of a row; empty when nothing was sealed.
/// @throws std::runtime_error when it cannot be opened
inline nlohmann::json clear_of(soci::session& sql, vault& keys,
                               const std::string& subject,
                               const std::string& sealed) {
  if (sealed.empty())
    return nlohmann::json::object();
  auto clear = keys.open(sql, subject, sealed);
  if (!clear)
    throw std::runtime_error("sealed data was tampered with");
  return *clear;
}

} // namespace zhiku::persistence
