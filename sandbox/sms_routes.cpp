#include "sandbox/route.hpp"

#include <algorithm>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

sms_request request_of(const httplib::Request& from) {
  sms_request out;
  for (const auto& [name, value] : from.headers) {
    auto lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    out.headers[lower] = value;
  }
  for (const auto& [name, value] : from.params)
    out.query[name] = value;
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

} // namespace

void add_sms_routes(httplib::Server& server, world& in) {
  auto tencent =
    served_by(in, "sms_tencent",
              [&in](const httplib::Request& request, const fault& wrong) {
                return in.sms.tencent(request_of(request), ordered_code(wrong),
                                      real_now());
              });
  auto aliyun =
    served_by(in, "sms_aliyun",
              [&in](const httplib::Request& request, const fault& wrong) {
                return in.sms.aliyun(request_of(request), ordered_code(wrong),
                                     real_now());
              });
  server.Post("/sms/tencent/?", tencent);
  server.Post("/sms/aliyun/?", aliyun);
  server.Post("/", [tencent, aliyun](const httplib::Request& request,
                                     httplib::Response& response) {
    if (request.has_header("X-TC-Action"))
      tencent(request, response);
    else
      aliyun(request, response);
  });
}

} // namespace zhiku::sandbox
