#pragma once
// What the table of routes says, for machines and for people. Pure.

#include "http/route.hpp"

namespace zhiku::http {

/// The OpenAPI 3.1 document of all routes under `base_url`.
domain::json openapi_document(const route_table& routes,
                              const std::string& base_url);

/// A plain HTML page of the same; `style_sheet` goes inline.
std::string docs_page(const route_table& routes, std::string_view style_sheet);

} // namespace zhiku::http
