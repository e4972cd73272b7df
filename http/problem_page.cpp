#include "http/problem_page.hpp"

#include "http/pages.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace zhiku::http {

namespace {

using nlohmann::json;

constexpr std::string_view problem_type = "application/problem+json";

std::string* header_in(response& answer, std::string_view name) {
  auto found = std::find_if(answer.headers.begin(), answer.headers.end(),
                            [=](const auto& header) {
                              return equal_ignoring_case(header.first, name);
                            });
  return found == answer.headers.end() ? nullptr : &found->second;
}

std::string paragraph(const std::string& text) {
  return "<p>" + html_escape(text) + "</p>";
}

/// What helps: another try where the fault is ours, else the way back.
std::string_view next_step(int status) {
  return status >= 500 || status == 429
           ? "<p>请稍候片刻，再重新打开此页面。</p>"
           : "<p><a href=\"/\">返回首页</a></p>";
}

std::string content_of(const json& problem, int status) {
  std::string content;
  if (auto detail = problem.value("detail", ""); !detail.empty())
    content += paragraph(detail);
  for (const auto& field : problem.value("fields", json::array()))
    content += paragraph(field.value("message", ""));
  content += next_step(status);
  if (auto id = problem.value("instance", ""); !id.empty())
    content += "<p><small>需要帮助时，请向工作人员提供编号：" + html_escape(id)
               + "</small></p>";
  return content;
}

} // namespace

bool is_visit(const request& asked) {
  return asked.method == "GET" && !asked.target.starts_with("/api/")
         && asked.header("Accept").find("text/html") != std::string_view::npos;
}

void show_problem(response& answer) {
  auto* type = header_in(answer, "Content-Type");
  if (type == nullptr || *type != problem_type)
    return;
  auto problem = json::parse(answer.body, nullptr, false);
  if (!problem.is_object())
    return;
  auto shown = page(answer.status, problem.value("title", ""),
                    content_of(problem, answer.status));
  answer.body = std::move(shown.body);
  for (auto& [name, value] : shown.headers) {
    if (auto* known = header_in(answer, name))
      *known = std::move(value);
    else
      answer.set_header(name, std::move(value));
  }
}

} // namespace zhiku::http
