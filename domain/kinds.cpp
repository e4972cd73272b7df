#include "domain/applicant/applicant.hpp"
#include "domain/exam_session/exam_session.hpp"
#include "domain/kind_entity.hpp"
#include "domain/phone_proof/phone_proof.hpp"
#include "domain/review_case/review_case.hpp"

namespace zhiku::domain {

namespace {

template <class State>
std::unique_ptr<entity> make(std::string_view id) {
  return std::make_unique<kind_entity<State>>(id);
}

struct kind_entry {
  std::string_view name;
  std::unique_ptr<entity> (*make)(std::string_view id);
};

constexpr kind_entry kinds[] = {
  {"phone_proof", make<phone_proof::state>},
  {"applicant", make<applicant::state>},
  {"review_case", make<review_case::state>},
  {"exam_session", make<exam_session::state>},
};

} // namespace

std::unique_ptr<entity> make_entity(std::string_view stream) {
  auto id = id_of(stream);
  if (id.empty())
    return nullptr;
  for (const auto& kind : kinds)
    if (kind.name == kind_of(stream))
      return kind.make(id);
  return nullptr;
}

} // namespace zhiku::domain
