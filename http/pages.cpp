#include "http/pages.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "http/openapi.hpp"

namespace zhiku::http {

namespace {

constexpr std::string_view sheet =
  "body{margin:0;background:#f6f7f9;color:#1f2933;"
  "font:16px/1.7 system-ui,\"PingFang SC\",\"Noto Sans CJK SC\",sans-serif}"
  "main{max-width:46rem;margin:0 auto;padding:3rem 1.25rem}"
  "h1{font-size:1.5rem;font-weight:600}h2{font-size:1rem;margin-top:2rem}"
  "a{color:#1a6d5b}pre{overflow:auto;background:#fff;padding:1rem;"
  "border:1px solid #e1e5ea;border-radius:6px;font-size:.85rem}"
  "em{color:#667482;font-style:normal}";

std::string content_policy() {
  return "default-src 'none'; style-src 'sha256-" + to_base64(sha256(sheet))
         + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

} // namespace

std::string_view style_sheet() {
  return sheet;
}

response html(int status, std::string content) {
  static const std::string policy = content_policy();
  response answer{status, {}, std::move(content)};
  answer.set_header("Content-Type", "text/html; charset=utf-8");
  answer.set_header("Content-Security-Policy", policy);
  return answer;
}

response page(int status, std::string_view title, std::string_view main_html) {
  auto heading = html_escape(title);
  return html(status, "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta "
                      "charset=\"utf-8\"><meta name=\"viewport\" "
                      "content=\"width=device-width,initial-scale=1\"><title>"
                        + heading + "</title><style>" + std::string{sheet}
                        + "</style></head><body><main><h1>" + heading + "</h1>"
                        + std::string{main_html} + "</main></body></html>");
}

} // namespace zhiku::http
