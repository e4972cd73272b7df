#pragma once
// The few plain pages the front door makes itself. Pure.

#include "http/message.hpp"

namespace zhiku::http {

/// A whole page around `main_html`, which must be safe already. It carries its
/// one style sheet inline, and its CSP allows just that.
response page(int status, std::string_view title, std::string_view main_html);

/// The same with a script, inline too, which may talk to this site and show
/// its pictures. `script` is a constant of ours: nothing is escaped in it.
response page_with_script(int status, std::string_view title,
                          std::string_view main_html, std::string_view script);

/// The answer for HTML that brings `style_sheet()` inline by itself.
response html(int status, std::string content);

std::string_view style_sheet();

/// `text` safe inside HTML text and attributes.
std::string html_escape(std::string_view text);

} // namespace zhiku::http
