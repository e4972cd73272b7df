#pragma once
// Where a person may be sent after a login: our own pages only. Pure.

#include <string_view>

namespace zhiku::http {

/// Whether `target` is a path of this site and nothing a browser could read as
/// another one: begins with a single slash, no backslash, no control
/// characters, no blank, at most 512 bytes.
bool is_local_target(std::string_view target);

} // namespace zhiku::http
