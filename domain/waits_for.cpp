#include "domain/waits_for.hpp"

namespace zhiku::domain {

namespace {

struct awaited {
  std::string_view kind;
  std::string_view state;
  std::string_view whom;
};

constexpr awaited table[] = {
  {"phone_proof", "CODE_SENT", "APPLICANT"},
  {"review_case", "SUBMITTED", "ACCEPTOR"},
  {"review_case", "ACCEPTED", "CHECKER"},
  {"review_case", "RESUBMITTED", "CHECKER"},
  {"review_case", "RETURNED", "APPLICANT"},
  {"review_case", "CHECK_PASSED", "EXAM"},
  {"review_case", "EXAM_PASSED", "APPROVER"},
  {"review_case", "PROPOSED", "APPROVER"},
  {"exam_session", "ASSIGNED", "APPLICANT"},
  {"exam_session", "RUNNING", "APPLICANT"},
};

} // namespace

std::string_view waits_for(std::string_view kind, std::string_view state_name) {
  for (const auto& entry : table)
    if (entry.kind == kind && entry.state == state_name)
      return entry.whom;
  return "NOBODY";
}

} // namespace zhiku::domain
