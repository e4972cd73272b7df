#include "http/cursor.hpp"

#include "base/encoding.hpp"
#include "domain/fields.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

// base64url to base64, which the decoder of the house takes unpadded.
std::string standard_alphabet(std::string_view cursor) {
  std::string text{cursor};
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  return text;
}

} // namespace

std::string to_cursor(const persistence::list_position& at) {
  return to_base64url(at.at + " " + at.id);
}

std::optional<persistence::list_position> position_of(std::string_view cursor) {
  auto text = from_base64(standard_alphabet(cursor));
  if (!text)
    return std::nullopt;
  auto blank = text->find(' ');
  if (blank == std::string::npos || text->find('\0') != std::string::npos
      || !domain::instant_of(text->substr(0, blank)))
    return std::nullopt;
  return persistence::list_position{text->substr(0, blank),
                                    text->substr(blank + 1)};
}

domain::json page_of(domain::json rows, std::size_t limit,
                     const std::string& instant_column) {
  domain::json cursor = nullptr;
  if (rows.size() > limit) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(limit), rows.end());
    const auto& last = rows.back();
    cursor = to_cursor({std::string{domain::text_at(last, instant_column)},
                        std::string{domain::text_at(last, "id")}});
  }
  return {{"items", std::move(rows)}, {"next_cursor", std::move(cursor)}};
}

} // namespace zhiku::http
