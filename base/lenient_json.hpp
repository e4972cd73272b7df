#pragma once
// JSON as the platform and the carriers write it. Pure.

#include <string_view>

#include <nlohmann/json.hpp>

namespace zhiku {

/// Like `json::parse` without exceptions, but takes what people's names bring
/// into answers and JSON forbids (W17): raw control characters inside strings,
/// bytes that are not UTF-8, halves of surrogate pairs and unknown escapes.
/// They become what they mean, or U+FFFD. Discarded when it is no JSON even so.
nlohmann::json parse_leniently(std::string_view text);

} // namespace zhiku
