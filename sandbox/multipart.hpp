#pragma once
// The parts of a form that carries files (RFC 7578). Pure.

#include <string>
#include <string_view>
#include <vector>

namespace zhiku::sandbox {

struct form_part {
  std::string name;
  std::string file_name;    ///< empty: a plain field
  std::string content_type; ///< as the client says; may be empty
  std::string content;
};

/// The parts of `body`, whose type is `content_type`; none when it is no such
/// form, and only those before the first one that is malformed.
std::vector<form_part> parts_of_form(std::string_view content_type,
                                     std::string_view body);

} // namespace zhiku::sandbox
