#pragma once
// Exam plans. Functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

/// A plan as deciders take it (domain/README.md):
///   {id, name, window_start, window_end, duration_s, pass_tenths, paper,
///    multi_rule}
/// published at `now`. A plan with the same id stays as it is; false when that
/// one is another.
bool insert_plan(soci::session& sql, const domain::json& plan,
                 domain::instant now);

/// All plans with `state` and `created_at`, latest window first.
domain::json all_plans(soci::session& sql);

/// The published plan of that id, or null.
domain::json published_plan(soci::session& sql, const std::string& id);

/// The published plan with the earliest window that ends no sooner than
/// `least_end` (edge 16), or null.
domain::json next_plan(soci::session& sql, domain::instant least_end);

} // namespace zhiku::persistence
