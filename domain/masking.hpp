#pragma once
// How personal data looks to those it does not belong to (RULES 3.9). Pure.

#include <string>
#include <string_view>

namespace zhiku::domain {

/// 138****1234; all but stars when it is no 11-digit number.
std::string mask_phone(std::string_view phone);

/// The first character and a star: 张*.
std::string mask_name(std::string_view name);

/// The first three and the last two characters: 440***********21. Only stars
/// when little more than those would be left.
std::string mask_id(std::string_view number);

/// The first six characters, which name province and city or district.
std::string mask_address(std::string_view address);

} // namespace zhiku::domain
