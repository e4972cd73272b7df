#pragma once
// The parts of an applicant as JSON, shared by events, snapshots and views.

#include "domain/applicant/applicant.hpp"

namespace zhiku::domain::applicant {

json to_json(const draft& each); ///< without the form
json to_json(const case_ref& each);
json to_json(const membership& each);

draft draft_of(const json& data, json form);
case_ref case_ref_of(const json& data);
membership membership_of(const json& data);

} // namespace zhiku::domain::applicant
