#pragma once
// How things stand, in the words of a chat message (RULES 2.2, 2.4, 2.5).
// Pure. No personal data and no score: the link under the text leads to those,
// behind a login.

#include "domain/entity.hpp"

namespace zhiku::http {

/// Rows of one person, newest first, as persistence/queries/lists.hpp has
/// them.
struct person_rows {
  domain::json drafts = domain::json::array();
  domain::json cases = domain::json::array();
  domain::json exams = domain::json::array();
  domain::json experts = domain::json::array();
};

/// Where an application stands and what its applicant does next, two lines:
/// every state of RULES 2.2 has its own.
/// @param exam  the row of its exam session, or null
std::string case_text(const domain::json& row, const domain::json& exam,
                      domain::instant now);

/// When and how an exam is to be sat, or how it ended, two lines.
std::string exam_text(const domain::json& row, domain::instant now);

/// Where an expert's membership of one pool stands, one line.
std::string expert_text(const domain::json& row);

// Answers to a person who asks, without the link. Of many rows the newest
// three are told: the platform cuts a text at 2048 bytes.

std::string progress_answer(const person_rows& rows, domain::instant now);
std::string exam_answer(const person_rows& rows, domain::instant now);
std::string archive_answer(const person_rows& rows);

} // namespace zhiku::http
