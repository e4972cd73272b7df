#include "sandbox/multipart.hpp"

#include <algorithm>
#include <optional>

namespace zhiku::sandbox {

namespace {

constexpr std::string_view form_type = "multipart/form-data";
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

/// The value of `name=` in a header, with or without quotes; empty when it has
/// none.
std::string parameter_in(std::string_view header, std::string_view name) {
  auto wanted = "; " + std::string{name} + '=';
  auto at = header.find(wanted);
  if (at == std::string_view::npos)
    return {};
  auto value = header.substr(at + wanted.size());
  if (value.starts_with('"'))
    return std::string{value.substr(1, value.find('"', 1) - 1)};
  return std::string{value.substr(0, value.find(';'))};
}

/// The header of that name in a part's head, all lines of which end; empty when
/// there is none.
std::string header_in(std::string_view head, std::string_view name) {
  auto wanted = std::string{name} + ':';
  while (!head.empty()) {
    auto line = head.substr(0, head.find(line_end));
    if (lower_case(line.substr(0, wanted.size())) == wanted) {
      auto value = line.substr(wanted.size());
      value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
      return std::string{value};
    }
    head.remove_prefix(std::min(line.size() + line_end.size(), head.size()));
  }
  return {};
}

/// A part without the boundaries around it.
std::optional<form_part> part_of(std::string_view text) {
  auto end = text.find(head_end);
  if (end == std::string_view::npos)
    return std::nullopt;
  auto head = text.substr(0, end + line_end.size());
  auto disposition = header_in(head, "content-disposition");
  return form_part{parameter_in(disposition, "name"),
                   parameter_in(disposition, "filename"),
                   header_in(head, "content-type"),
                   std::string{text.substr(end + head_end.size())}};
}

} // namespace

std::vector<form_part> parts_of_form(std::string_view content_type,
                                     std::string_view body) {
  std::vector<form_part> out;
  auto boundary = parameter_in(content_type, "boundary");
  if (!lower_case(content_type).starts_with(form_type) || boundary.empty())
    return out;
  auto opening = "--" + boundary;
  auto between = "\r\n" + opening;
  auto at = body.find(opening);
  if (at == std::string_view::npos)
    return out;
  body.remove_prefix(at + opening.size());
  while (body.starts_with(line_end)) {
    body.remove_prefix(line_end.size());
    auto end = body.find(between);
    auto part = part_of(body.substr(0, end));
    if (end == std::string_view::npos || !part)
      return out;
    out.push_back(std::move(*part));
    body.remove_prefix(end + between.size());
  }
  return out;
}

} // namespace zhiku::sandbox
