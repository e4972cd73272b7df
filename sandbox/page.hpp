#pragma once
// The sandbox's one page, `page.html`, embedded at build time.

#include <string_view>

namespace zhiku::sandbox {

extern const std::string_view page;

} // namespace zhiku::sandbox
