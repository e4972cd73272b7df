#pragma once
// The variables of a template, as the carriers take them (PROTOCOL 9): they
// refuse the whole message for one that is blank, too long, holds a line break
// or an address. Pure.

#include <cstddef>
#include <string>
#include <string_view>

namespace zhiku::sms {

/// Aliyun refuses longer ones with `isv.PARAM_LENGTH_LIMIT` (W26).
inline constexpr std::size_t max_aliyun_variable = 20;

/// Tencent limits the whole text only, to 500 characters; so many variables of
/// this length fit as a template ever has.
inline constexpr std::size_t max_tencent_variable = 60;

/// `text` as a variable: without control characters and line breaks, with
/// `网址` in place of addresses, cut at a character and marked with `…`, and
/// `无` in place of nothing.
/// @param most  characters (code points), at least 1
std::string fitted_variable(std::string_view text, std::size_t most);

} // namespace zhiku::sms
