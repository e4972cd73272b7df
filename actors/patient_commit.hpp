#pragma once
// A commit that outlives a database restart. No CAF here: it is a loop over a
// store, and the fault tests drive it directly.

#include "persistence/store.hpp"

#include <chrono>
#include <vector>

namespace zhiku::actors {

/// Commits `batch`; while the database is away it tries again, for as long as
/// `patience`, on the calling thread. A lost connection leaves the outcome
/// unknown, so a later version conflict is checked against the chain values of
/// the attempts before: an append that had gone through counts as committed.
std::vector<persistence::appended>
patient_commit(persistence::store& store,
               const std::vector<persistence::append>& batch,
               std::chrono::milliseconds patience);

} // namespace zhiku::actors
