#pragma once
// What every fuzz target needs.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

namespace zhiku::fuzz {

/// Ends the process, which libFuzzer reports with the input, unless `holds`.
inline void require(bool holds) {
  if (!holds)
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

} // namespace zhiku::fuzz
