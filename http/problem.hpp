#pragma once
// RFC 9457 problem documents. Pure.

#include "domain/result.hpp"
#include "http/message.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::http {

/// The one table from a refusal to a status.
int status_of(domain::errc code);

/// Seconds after which asking again makes sense; nothing when it never does.
std::optional<int> retry_after_of(domain::errc code);

/// {type, title, status, code, detail, instance, fields}; `detail` and
/// `fields` only where there are any.
nlohmann::json problem_document(const domain::refusal& why,
                                std::string_view request_id);

/// The document as `application/problem+json`, with Retry-After where due.
response problem(const domain::refusal& why, std::string_view request_id);

/// The same under a status of HTTP's own, such as 405 or 431.
response problem_as(int status, const domain::refusal& why,
                    std::string_view request_id);

} // namespace zhiku::http
