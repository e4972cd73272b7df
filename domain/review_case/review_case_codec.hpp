#pragma once
// The parts of a review case as JSON, shared by events, snapshots and views.

#include "domain/review_case/review_case.hpp"

namespace zhiku::domain::review_case {

/// `[{item, text}]`.
json to_json(const std::vector<remark>& remarks);

/// The list `remarks` of `holder`; what is missing reads as "".
std::vector<remark> remarks_of(const json& holder);

} // namespace zhiku::domain::review_case
