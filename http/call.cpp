#include "http/call.hpp"

#include "http/problem.hpp"
#include "http/route.hpp"

namespace zhiku::http {

call::call(request from, const route& found, sender send)
    : asked(std::move(from)), matched(found), send_(std::move(send)) {
  // nop
}

call::~call() {
  if (!answered_ && before_answer)
    before_answer();
}

const std::string& call::path(std::string_view name) const {
  static const std::string none;
  auto known = asked.path_params.find(name);
  return known == asked.path_params.end() ? none : known->second;
}

std::string call::query(std::string_view name) const {
  return std::string{asked.parameter(name).value.value_or("")};
}

domain::actor_ref call::who() const {
  if (!login)
    return {{"VISITOR"}, "", domain::channel::pc};
  return actor_behind(*login);
}

bool call::try_answer(response what) const {
  auto first = !answered_.exchange(true);
  if (!first)
    return false;
  if (before_answer)
    before_answer();
  send_(std::move(what));
  return true;
}

void call::answer(response what) const {
  try_answer(std::move(what));
}

void call::answer(int status, const domain::json& content) const {
  answer(response::json(status, content));
}

void call::refuse(const domain::refusal& why) const {
  answer(problem(why, asked.id));
}

void call::refuse(domain::errc code) const {
  refuse(domain::refusal{code, {}, {}});
}

domain::actor_ref actor_behind(const session& login) {
  auto channel = domain::channel_of(login.channel);
  if (login.kind == "STAFF")
    return {login.roles, login.staff_id, channel};
  if (login.applicant_id.empty())
    return {{"VISITOR"}, "", channel};
  return {{"APPLICANT"}, login.applicant_id, channel};
}

} // namespace zhiku::http
