#pragma once
// The store over PostgreSQL: array binding, one transaction a batch.

#include "persistence/database.hpp"
#include "persistence/store.hpp"
#include "persistence/vault.hpp"

#include <memory>

namespace zhiku::persistence {

/// A store with a connection of its own. `keys` must outlive it.
std::unique_ptr<store> make_postgres_store(std::string dsn, vault& keys);

} // namespace zhiku::persistence
