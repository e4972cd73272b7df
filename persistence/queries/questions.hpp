#pragma once
// The question bank at rest. All functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

/// Writes questions in the form `question_bank::from_json` reads. A version
/// that is there already stays as it is: papers may have been drawn from it.
void put_questions(soci::session& sql, const domain::json& list);

/// All versions of all questions, in the same form.
domain::json all_questions(soci::session& sql);

} // namespace zhiku::persistence
