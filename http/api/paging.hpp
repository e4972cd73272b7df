#pragma once
// Paged lists as handlers need them. Internal to http/api.

#include "http/call.hpp"
#include "http/cursor.hpp"
#include "http/route.hpp"

namespace zhiku::http {

struct page_request {
  persistence::list_position after;
  int limit; ///< rows to show; read one more to know whether there are others
};

/// The query fields `limit` and `cursor`.
std::vector<query_field> paging_fields();

/// `invalid_input` for a cursor that is none of ours.
domain::result<page_request> page_asked(const call& asked,
                                        persistence::list_position begin);

} // namespace zhiku::http
