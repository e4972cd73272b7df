#pragma once
// A journal without a database: the ceiling for what a database costs.

#include "persistence/store.hpp"

#include <memory>

namespace zhiku::bench {

/// Loads from `source` and claims its effects, but commits nothing: an append
/// gets its next version and chain, and is gone. Right as long as no entity is
/// loaded a second time.
std::unique_ptr<persistence::store>
make_forgetful_store(std::unique_ptr<persistence::store> source);

} // namespace zhiku::bench
