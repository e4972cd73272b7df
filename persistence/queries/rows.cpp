#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

bool names_an_instant(std::string_view column) {
  return column.ends_with("_at") || column.ends_with("_until")
         || column.starts_with("window_");
}

void normalise(domain::json& row) {
  for (auto& [column, value] : row.items()) {
    if (value.is_array())
      for (auto& inner : value)
        if (inner.is_object())
          normalise(inner);
    if (!value.is_string() || !names_an_instant(column))
      continue;
    if (auto at = domain::instant_of(value.get_ref<const std::string&>()))
      value = domain::to_text(*at);
  }
}

} // namespace

domain::json rows_of_text(const std::string& text) {
  auto rows = domain::json::parse(text);
  for (auto& row : rows)
    normalise(row);
  return rows;
}

} // namespace zhiku::persistence
