#include "http/openapi.hpp"

#include "domain/errc.hpp"
#include "http/cookies.hpp"
#include "http/pages.hpp"
#include "http/problem.hpp"
#include "http/schema.hpp"

#include <algorithm>
#include <set>

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char ch) { return std::tolower(ch); });
  return text;
}

// "/h5/{path...}" is a plain parameter to OpenAPI.
std::string path_of(std::string pattern) {
  if (auto dots = pattern.find("..."); dots != std::string::npos)
    pattern.erase(dots, 3);
  return pattern;
}

// The word after /api/v1, or the first one.
std::string tag_of(const std::string& pattern) {
  std::string_view rest = pattern;
  if (rest.starts_with("/api/v1/"))
    rest.remove_prefix(7);
  auto word = rest.substr(1, rest.find('/', 1) - 1);
  return word.empty() ? "pages" : std::string{word};
}

json parameters_of(const route& one) {
  json parameters = json::array();
  auto path = path_of(one.pattern);
  for (auto open = path.find('{'); open != std::string::npos;
       open = path.find('{', open + 1)) {
    auto name = path.substr(open + 1, path.find('}', open) - open - 1);
    parameters.push_back({{"name", name},
                          {"in", "path"},
                          {"required", true},
                          {"schema", path_parameter_schema(name)}});
  }
  for (const auto& field : one.query)
    parameters.push_back({{"name", field.name},
                          {"in", "query"},
                          {"required", field.required},
                          {"schema", field.schema}});
  if (one.method != "GET" && one.who.needs_login())
    parameters.push_back({{"name", "Idempotency-Key"},
                          {"in", "header"},
                          {"required", false},
                          {"schema", schema::text(64)}});
  return parameters;
}

json problem_content() {
  return {{"application/problem+json",
           {{"schema", {{"$ref", "#/components/schemas/problem"}}}}}};
}

std::set<int> problem_statuses(const route& one) {
  std::set<int> statuses{status_of(errc::busy), status_of(errc::internal)};
  auto add = [&](errc code) { statuses.insert(status_of(code)); };
  if (!one.body.is_null() || !one.query.empty())
    add(errc::invalid_input);
  if (!one.body.is_null())
    add(errc::too_large);
  if (one.pattern.find('{') != std::string::npos)
    add(errc::not_found);
  if (one.who.needs_login()) {
    add(errc::not_authenticated);
    add(errc::forbidden);
  }
  if (one.method != "GET") {
    add(errc::state_conflict);
    add(errc::timeout);
  }
  for (auto code : one.also)
    add(code);
  return statuses;
}

json responses_of(const route& one) {
  json success{{"description", "成功"}};
  if (!one.reply.is_null())
    success["content"]["application/json"]["schema"] = one.reply;
  json responses{{std::to_string(one.status), std::move(success)}};
  for (auto status : problem_statuses(one))
    responses[std::to_string(status)] = {{"description", reason_phrase(status)},
                                         {"content", problem_content()}};
  return responses;
}

json security_of(const route& one) {
  if (!one.who.needs_login())
    return json::array();
  json by_cookie{{"session", json::array()}};
  if (one.method != "GET")
    by_cookie["csrf"] = json::array();
  return json::array({by_cookie, {{"bearer", json::array()}}});
}

std::string access_text(const access& who) {
  switch (who.who) {
  case access::level::anyone:
    return "anyone";
  case access::level::internal:
    return "internal";
  case access::level::platform:
    return "platform";
  case access::level::login:
    return "login";
  case access::level::guest:
    return "guest";
  case access::level::person:
    return "person";
  case access::level::staff:
    break;
  }
  std::string text = "staff:";
  for (const auto& role : who.roles)
    text += " " + role;
  return text;
}

json operation_of(const route& one) {
  json operation{{"operationId", one.id},
                 {"summary", one.summary},
                 {"tags", json::array({tag_of(one.pattern)})},
                 {"parameters", parameters_of(one)},
                 {"responses", responses_of(one)},
                 {"security", security_of(one)},
                 {"x-access", access_text(one.who)}};
  if (!one.body.is_null())
    operation["requestBody"] = {
      {"required", true},
      {"content", {{"application/json", {{"schema", one.body}}}}}};
  return operation;
}

json problem_schema() {
  auto field = schema::answer({{"field", schema::text()},
                               {"code", schema::text()},
                               {"message", schema::text()}});
  return schema::answer(
    {{"type", schema::text()},
     {"title", schema::text()},
     {"status", schema::integer(400, 599)},
     {"code", schema::text()},
     {"instance", schema::text()},
     schema::optional("detail", schema::text(2000)),
     schema::optional("fields", schema::list(field, 1000))});
}

json security_schemes(bool secure) {
  return {
    {"session",
     {{"type", "apiKey"},
      {"in", "cookie"},
      {"name", cookie_name(cookie::session, secure)}}},
    {"csrf", {{"type", "apiKey"}, {"in", "header"}, {"name", "X-CSRF-Token"}}},
    {"bearer", {{"type", "http"}, {"scheme", "bearer"}}}};
}

std::string docs_row(const route& one) {
  auto row = "<section id=\"" + html_escape(one.id) + "\"><h2><code>"
             + html_escape(one.method) + " " + html_escape(one.pattern)
             + "</code></h2><p>" + html_escape(one.summary) + " · <em>"
             + html_escape(access_text(one.who)) + "</em></p>";
  if (!one.body.is_null())
    row += "<details><summary>请求</summary><pre>"
           + html_escape(one.body.dump(2)) + "</pre></details>";
  if (!one.reply.is_null())
    row += "<details><summary>应答 " + std::to_string(one.status)
           + "</summary><pre>" + html_escape(one.reply.dump(2))
           + "</pre></details>";
  return row + "</section>";
}

} // namespace

json openapi_document(const route_table& routes, const std::string& base_url) {
  json paths = json::object();
  for (const auto& one : routes)
    paths[path_of(one.pattern)][lower(one.method)] = operation_of(one);
  return {
    {"openapi", "3.1.0"},
    {"info", {{"title", "智库 Zhiku"}, {"version", ZHIKU_VERSION}}},
    {"servers", json::array({{{"url", base_url}}})},
    {"paths", std::move(paths)},
    {"components",
     {{"schemas", {{"problem", problem_schema()}}},
      {"securitySchemes", security_schemes(base_url.starts_with("https:"))}}}};
}

std::string docs_page(const route_table& routes, std::string_view style_sheet) {
  std::string page =
    "<!DOCTYPE html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<title>智库接口</title><style>"
    + std::string{style_sheet}
    + "</style></head><body><main><h1>智库接口</h1><p>机器可读的说明在 "
      "<a href=\"/openapi.json\">/openapi.json</a>。出错时返回 "
      "<code>application/problem+json</code>，以 <code>code</code> "
      "区分。</p>";
  for (const auto& one : routes)
    page += docs_row(one);
  return page + "</main></body></html>";
}

} // namespace zhiku::http
