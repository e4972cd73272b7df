#include "http/problem.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::http {

namespace {

using domain::errc;

struct verdict {
  errc code;
  int status;
  int retry_after = 0; ///< seconds; 0: none
};

constexpr verdict verdicts[] = {
  {errc::none, 200},
  {errc::invalid_input, 422},
  {errc::not_found, 404},
  {errc::method_not_allowed, 405},
  {errc::gone, 410},
  {errc::not_authenticated, 401},
  {errc::forbidden, 403},
  {errc::csrf_failed, 403},
  {errc::channel_not_allowed, 403},
  {errc::function_not_in_pool, 403},
  {errc::identity_changed, 401},
  {errc::consent_required, 422},
  {errc::code_too_soon, 429, 60},
  {errc::code_limit, 429, 3600},
  {errc::work_required, 428},
  {errc::code_wrong, 422},
  {errc::code_expired, 422},
  {errc::identity_mismatch, 409},
  {errc::phone_in_use, 409},
  {errc::openid_in_use, 409},
  {errc::state_conflict, 409},
  {errc::already_accepted, 409},
  {errc::already_withdrawn, 409},
  {errc::open_case_exists, 409},
  {errc::already_expert, 409},
  {errc::version_stale, 409},
  {errc::four_eyes, 409},
  {errc::no_exam_plan, 409},
  {errc::exam_not_open, 409},
  {errc::exam_closed, 409},
  {errc::attempt_closed, 409},
  {errc::writer_changed, 409},
  {errc::score_not_ready, 409},
  {errc::paper_unavailable, 503, 5},
  {errc::not_ready, 503, 1},
  {errc::busy, 503, 1},
  {errc::unavailable, 503, 2},
  {errc::timeout, 504, 2},
  {errc::version_conflict, 409, 1},
  {errc::duplicate_command, 409},
  {errc::idempotency_key_reused, 422},
  {errc::idempotency_in_progress, 409, 1},
  {errc::too_large, 413},
  {errc::rate_limited, 429, 60},
  {errc::internal, 500},
};

const verdict& verdict_of(errc code) {
  auto found = std::find_if(std::begin(verdicts), std::end(verdicts),
                            [=](const verdict& v) { return v.code == code; });
  return found != std::end(verdicts) ? *found : *std::prev(std::end(verdicts));
}

nlohmann::json to_json(const domain::field_error& wrong) {
  return {
    {"field", wrong.field}, {"code", wrong.code}, {"message", wrong.message}};
}

} // namespace

int status_of(errc code) {
  return verdict_of(code).status;
}

std::optional<int> retry_after_of(errc code) {
  auto seconds = verdict_of(code).retry_after;
  return seconds > 0 ? std::optional{seconds} : std::nullopt;
}

nlohmann::json problem_document(const domain::refusal& why,
                                std::string_view request_id) {
  std::string code{domain::code(why.code)};
  nlohmann::json document{{"type", "/problems/" + code},
                          {"title", domain::title(why.code)},
                          {"status", status_of(why.code)},
                          {"code", code},
                          {"instance", request_id}};
  if (!why.detail.empty())
    document["detail"] = why.detail;
  for (const auto& wrong : why.fields)
    document["fields"].push_back(to_json(wrong));
  return document;
}

response problem(const domain::refusal& why, std::string_view request_id) {
  return problem_as(status_of(why.code), why, request_id);
}

response problem_as(int status, const domain::refusal& why,
                    std::string_view request_id) {
  auto document = problem_document(why, request_id);
  document["status"] = status;
  auto answer = response::json(status, document);
  answer.set_header("Content-Type", "application/problem+json");
  if (auto seconds = retry_after_of(why.code))
    answer.set_header("Retry-After", std::to_string(*seconds));
  if (why.code == errc::not_authenticated)
    answer.set_header("WWW-Authenticate", "Bearer");
  return answer;
}

} // namespace zhiku::http
