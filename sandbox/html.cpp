#include "sandbox/html.hpp"

namespace zhiku::sandbox {

std::string escaped(const std::string& text) {
  std::string out;
  for (auto c : text) {
    if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
      out += "&#" + std::to_string(static_cast<int>(c)) + ';';
    else
      out += c;
  }
  return out;
}

std::string html_page(const std::string& title, const std::string& body) {
  return R"(<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>)" + escaped(title)
         + R"(</title><style>
body { margin: 0; background: #f4f6f8; color: #1f2933;
       font: 16px/1.7 "Noto Sans CJK SC", "PingFang SC", sans-serif; }
main { width: min(24rem, calc(100% - 2rem)); margin: 8vh auto; padding: 1.5rem; text-align: center;
       background: #fff; border-radius: 12px; }
h1 { font-size: 1.2rem; margin: 0 0 .5rem; }
p { color: #616e7c; margin: .5rem 0; }
img { width: 240px; height: 240px; }
a.button { display: block; margin-top: .75rem; padding: .55rem;
           border-radius: 6px; background: #eef1f4; color: #1f2933;
           text-decoration: none; }
a.main { background: #07844b; color: #fff; }
</style><main><h1>)"
         + escaped(title) + "</h1>" + body + "</main></html>";
}

std::string html_button(const std::string& href, const std::string& text,
                        bool main) {
  return std::string{"<a class=\"button"} + (main ? " main" : "") + "\" href=\""
         + escaped(href) + "\">" + escaped(text) + "</a>";
}

} // namespace zhiku::sandbox
