#pragma once
// How personal data looks to those it does not belong to (RULES 3.9). Pure.

#include <string>
#include <string_view>

namespace zhiku::http {

/// 138****1234; all but stars when it is no 11-digit number.
std::string mask_phone(std::string_view phone);

/// The first character and a star: 张*.
std::string mask_name(std::string_view name);

} // namespace zhiku::http
