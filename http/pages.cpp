#include "http/pages.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace zhiku::http {

namespace {

constexpr std::string_view sheet =
  "body{margin:0;background:#f6f7f9;color:#1f2933;"
  "font:16px/1.7 system-ui,\"PingFang SC\",\"Noto Sans CJK SC\",sans-serif}"
  "main{max-width:46rem;margin:0 auto;padding:3rem 1.25rem}"
  "h1{font-size:1.5rem;font-weight:600}h2{font-size:1rem;margin-top:2rem}"
  "a{color:#1a6d5b}pre{overflow:auto;background:#fff;padding:1rem;"
  "border:1px solid #e1e5ea;border-radius:6px;font-size:.85rem}"
  "em{color:#667482;font-style:normal}"
  ".columns{display:flex;flex-wrap:wrap;gap:1.25rem}"
  ".columns section{flex:1 1 17rem;background:#fff;padding:.5rem 1.5rem 1.5rem;"
  "border:1px solid #e1e5ea;border-radius:8px}"
  ".columns h2{margin-top:1rem}"
  ".qr{min-height:13rem;margin:0;text-align:center}"
  ".qr img{width:13rem;height:13rem}.qr+p{margin-top:0;text-align:center}"
  ".dim{opacity:.25}"
  "label{display:block;margin-top:.75rem}"
  "input,button{box-sizing:border-box;width:100%;min-height:2.9rem;"
  "padding:.4rem .75rem;font:inherit;border:1px solid #b9c2cc;"
  "border-radius:6px;background:#fff;color:inherit}"
  "button{cursor:pointer}button:disabled{opacity:.55;cursor:default}"
  "button.main{background:#1a6d5b;border-color:#1a6d5b;color:#fff}"
  "[hidden]{display:none}"
  ".row{display:flex;gap:.5rem;margin:0}.row button{flex:0 0 "
  "8rem;white-space:nowrap}"
  ".warning{background:#fff6e5;border:1px solid #f0d9a8;border-radius:6px;"
  "padding:.75rem 1rem}"
  "dl{background:#fff;border:1px solid #e1e5ea;border-radius:6px;margin:1rem 0;"
  "padding:.5rem 1rem}dt{color:#667482;font-size:.875rem}"
  "dd{margin:0 0 .5rem;font-size:1.1rem}"
  // On a phone nobody scans what the same phone shows.
  "@media(max-width:38rem){main{padding-top:1.25rem}"
  ".columns section:first-child{order:1}}";

std::string hash_source(std::string_view inlined) {
  return "'sha256-" + to_base64(sha256(inlined)) + "'";
}

constexpr std::string_view closed =
  "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

std::string policy_without_script() {
  static const std::string policy =
    "default-src 'none'; style-src " + hash_source(sheet) + std::string{closed};
  return policy;
}

std::string policy_with(std::string_view script) {
  return "default-src 'none'; style-src " + hash_source(sheet) + "; script-src "
         + hash_source(script) + "; connect-src 'self'; img-src 'self'"
         + std::string{closed};
}

response html_under(std::string policy, int status, std::string content) {
  response answer{status, {}, std::move(content)};
  answer.set_header("Content-Type", "text/html; charset=utf-8");
  answer.set_header("Content-Security-Policy", std::move(policy));
  return answer;
}

std::string document(std::string_view title, std::string_view main_html,
                     std::string_view after) {
  auto heading = html_escape(title);
  return "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta "
         "charset=\"utf-8\"><meta name=\"viewport\" "
         "content=\"width=device-width,initial-scale=1\"><title>"
         + heading + "</title><style>" + std::string{sheet}
         + "</style></head><body><main><h1>" + heading + "</h1>"
         + std::string{main_html} + "</main>" + std::string{after}
         + "</body></html>";
}

} // namespace

std::string html_escape(std::string_view text) {
  std::string safe;
  for (char ch : text) {
    switch (ch) {
    case '&':
      safe += "&amp;";
      break;
    case '<':
      safe += "&lt;";
      break;
    case '>':
      safe += "&gt;";
      break;
    case '"':
      safe += "&quot;";
      break;
    case '\'':
      safe += "&#39;";
      break;
    default:
      safe += ch;
    }
  }
  return safe;
}

std::string_view style_sheet() {
  return sheet;
}

response html(int status, std::string content) {
  return html_under(policy_without_script(), status, std::move(content));
}

response page(int status, std::string_view title, std::string_view main_html) {
  return html(status, document(title, main_html, ""));
}

response page_with_script(int status, std::string_view title,
                          std::string_view main_html, std::string_view script) {
  auto inlined = "<script>" + std::string{script} + "</script>";
  return html_under(policy_with(script), status,
                    document(title, main_html, inlined));
}

} // namespace zhiku::http
