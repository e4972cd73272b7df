#include "sandbox/route.hpp"

#include <algorithm>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::map<std::string, std::string> parameters_in(const std::string& text) {
  httplib::Params parsed;
  httplib::detail::parse_query_text(text, parsed);
  return {parsed.begin(), parsed.end()};
}

sms_request request_of(const httplib::Request& from) {
  sms_request out;
  out.method = from.method;
  for (const auto& [name, value] : from.headers)
    out.headers[lower_case(name)] = value;
  if (auto mark = from.target.find('?'); mark != std::string::npos)
    out.query = parameters_in(from.target.substr(mark + 1));
  if (out.header("content-type").starts_with("application/x-www-form"))
    out.form = parameters_in(from.body);
  out.body = from.body;
  return out;
}

std::string ordered_code(const fault& wrong) {
  return wrong.errcode.is_string() ? wrong.errcode.get<std::string>()
                                   : std::string{};
}

/// Signatures are dated by the caller's real clock, never by ours when moved.
instant real_now() {
  return std::chrono::floor<std::chrono::milliseconds>(
    std::chrono::system_clock::now());
}

using carrier = sms_desk::answer (sms_desk::*)(const sms_request&,
                                               const std::string&, instant);

/// Answers as the carrier does, and reports what became of each message.
json serve(call& on, carrier by) {
  auto out =
    (on.in.sms.*by)(request_of(on.request), ordered_code(on.wrong), real_now());
  for (const auto& serial : out.serials)
    if (auto wait = on.in.report_sms(serial))
      on.before_answer = wait;
  on.response.status = out.http_status;
  return out.body;
}

json tencent(call& on) {
  return serve(on, &sms_desk::tencent);
}

json aliyun(call& on) {
  return serve(on, &sms_desk::aliyun);
}

} // namespace

void add_sms_routes(router& routes, world& in) {
  auto by_tencent = served_by(in, "sms_tencent", tencent);
  auto by_aliyun = served_by(in, "sms_aliyun", aliyun);
  routes.post("/sms/tencent/?", by_tencent);
  routes.post("/sms/aliyun/?", by_aliyun);
  routes.post("/", [by_tencent, by_aliyun](const httplib::Request& request,
                                           httplib::Response& response) {
    if (request.has_header("X-TC-Action"))
      by_tencent(request, response);
    else
      by_aliyun(request, response);
  });
}

} // namespace zhiku::sandbox
