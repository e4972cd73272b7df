#include "http/api/paging.hpp"

#include "http/schema.hpp"

namespace zhiku::http {

std::vector<query_field> paging_fields() {
  return {{"limit", schema::integer(1, 100)}, {"cursor", schema::text(200)}};
}

domain::result<page_request> page_asked(const call& asked,
                                        persistence::list_position begin) {
  page_request page{std::move(begin), 20};
  // The schema has seen to it that this is a number from 1 to 100.
  if (auto limit = asked.query("limit"); !limit.empty())
    page.limit = std::stoi(limit);
  if (auto cursor = asked.query("cursor"); !cursor.empty()) {
    auto after = position_of(cursor);
    if (!after)
      return domain::refusal{
        domain::errc::invalid_input, {}, {{"cursor", "malformed", "游标无效"}}};
    page.after = std::move(*after);
  }
  return page;
}

} // namespace zhiku::http
