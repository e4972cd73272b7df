#pragma once
// The small pages that open.weixin.qq.com would show. Pure.

#include <string>

namespace zhiku::sandbox {

/// `text` for use between tags or in a quoted attribute.
std::string escaped(const std::string& text);

/// A whole page. @param body  HTML
std::string html_page(const std::string& title, const std::string& body);

/// A link that looks like a button.
std::string html_button(const std::string& href, const std::string& text,
                        bool main);

} // namespace zhiku::sandbox
