#pragma once
// Schemas that several resources share. Internal to http/api.

#include "http/schema.hpp"

namespace zhiku::http {

inline domain::json uuid_schema() {
  return {{"type", "string"}, {"minLength", 36}, {"maxLength", 36}};
}

/// {items, next_cursor}.
inline domain::json page_schema() {
  return schema::answer({{"items", schema::list(schema::any_object(), 100)},
                         {"next_cursor", {{"type", {"string", "null"}}}}});
}

/// {items}: a list short enough to come whole.
inline domain::json list_schema() {
  return schema::answer({{"items", schema::list(schema::any_object(), 1000)}});
}

} // namespace zhiku::http
