#pragma once
// What a page needs to use the JS-SDK (PROTOCOL 6). Pure, thread-safe. The
// ticket comes from `api::get_ticket` and never leaves the server.

#include <cstdint>
#include <string>
#include <string_view>

namespace zhiku::wechat {

/// `url` as it is signed: without what follows `#`.
std::string_view signed_part_of(std::string_view url);

/// Whether `url` is a page below `base_url`, scheme, host and port compared
/// byte by byte. Sign only those, or anybody's pages could be signed.
/// @param base_url  our own address, such as https://zhiku.example, with or
///                  without a path
bool is_own_page(std::string_view url, std::string_view base_url);

/// Lower-case hex. `url` is the page's address as the browser holds it, not
/// decoded and not encoded; iOS wants the first page of a single-page app.
std::string js_signature(std::string_view jsapi_ticket,
                         std::string_view noncestr, std::int64_t timestamp,
                         std::string_view url);

} // namespace zhiku::wechat
