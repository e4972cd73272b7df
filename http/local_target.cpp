#include "http/local_target.hpp"

#include <algorithm>

namespace zhiku::http {

bool is_local_target(std::string_view target) {
  if (target.empty() || target.size() > 512 || target.front() != '/')
    return false;
  if (target.size() > 1 && target[1] == '/')
    return false;
  // Browsers drop tabs and line breaks and read a backslash as a slash.
  return std::all_of(target.begin(), target.end(), [](char ch) {
    auto byte = static_cast<unsigned char>(ch);
    return byte > 0x20 && byte != 0x7f && ch != '\\';
  });
}

} // namespace zhiku::http
