#pragma once
// What must hold of the journal and of the API after all that was done to
// them. Each reports through GoogleTest.

#include "tests/fault/load.hpp"

namespace zhiku::fault {

/// The answers that the journal holds of an exam, in its order.
std::vector<saved_answer> stored_answers(const std::string& dsn,
                                         const std::string& stream);

/// How many events of that type the stream has.
int count_events(const std::string& dsn, const std::string& stream,
                 const std::string& type);

/// Every hash chain verifies, and each stream's versions have no gap.
void expect_whole_journal(const std::string& dsn);

/// Every acknowledged answer is in the journal once, and no other answer is.
void expect_answers_stored(const std::string& dsn, const load& done);

/// The exams that outlast the test still run and show the latest acknowledged
/// answers.
void expect_answers_shown(const load& done, int port);

/// Every acknowledged save and submission is there once, in the journal and in
/// the API, and each submission made one case.
void expect_applications(const std::string& dsn, const load& done, int port);

/// Waits until the exams of `closing` are over, then: each was closed by the
/// clock once, dated at its deadline, graded by what was stored, and its case
/// heard of it once.
void expect_deadlines(const std::string& dsn,
                      const std::vector<exam_record>& closing);

/// The exams that end within minutes; the others outlast every test.
std::vector<exam_record> closing_exams(const load& done);

/// ZHIKU_FAULT_SEED, or a new one; printed, so that a run can be told again.
unsigned chosen_seed();

/// The load wrote enough, through enough trouble, to have shown something;
/// prints how much.
void expect_busy(const load& done);

} // namespace zhiku::fault
