#include "sandbox/route.hpp"

#include "base/random.hpp"

#include <thread>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

void answer_json(httplib::Response& response, const json& body) {
  response.set_content(
    body.dump(-1, ' ', false, json::error_handler_t::replace),
    "application/json; charset=utf-8");
}

json refusal_body(int errcode, const std::string& errmsg) {
  return {{"errcode", errcode}, {"errmsg", errmsg + " rid: " + new_uuid()}};
}

/// Breaks the answer off: a length is promised and nothing follows.
void drop(httplib::Response& response) {
  response.set_content_provider(
    1, "application/json",
    [](std::size_t, std::size_t, httplib::DataSink&) { return false; });
}

/// Whether the ordered fault has already answered.
bool answered_wrongly(const fault& wrong, httplib::Response& response) {
  if (wrong.drop)
    drop(response);
  else if (wrong.html)
    response.set_content("<html><body>502 Bad Gateway</body></html>",
                         "text/html");
  else if (wrong.http_status != 0)
    response.status = wrong.http_status;
  else if (wrong.errcode.is_number())
    answer_json(response,
                refusal_body(wrong.errcode.get<int>(), "sandbox fault"));
  else
    return false;
  return true;
}

fault count_and_take(world& in, const std::string& api) {
  std::lock_guard lock{in.guard};
  ++in.calls[api];
  return in.faults.take(api);
}

} // namespace

httplib::Server::Handler served_by(world& in, std::string api,
                                   answer_function answer) {
  return [&in, api = std::move(api), answer = std::move(answer)](
           const httplib::Request& request, httplib::Response& response) {
    auto wrong = count_and_take(in, api);
    if (wrong.latency_ms > 0)
      std::this_thread::sleep_for(std::chrono::milliseconds{wrong.latency_ms});
    if (answered_wrongly(wrong, response))
      return;
    std::lock_guard lock{in.guard};
    try {
      answer_json(response, answer(request, wrong));
    } catch (const refusal& why) {
      answer_json(response, refusal_body(why.errcode, why.what()));
    } catch (const json::exception&) {
      answer_json(response, refusal_body(47001, "data format error"));
    }
  };
}

httplib::Server::Handler controlled_by(world& in, answer_function answer) {
  return [&in, answer = std::move(answer)](const httplib::Request& request,
                                           httplib::Response& response) {
    std::lock_guard lock{in.guard};
    try {
      answer_json(response, answer(request, {}));
    } catch (const refusal& why) {
      response.status = why.errcode;
      answer_json(response, {{"error", why.what()}});
    } catch (const json::exception& why) {
      response.status = 400;
      answer_json(response, {{"error", why.what()}});
    }
  };
}

json object_in(const httplib::Request& request, int errcode) {
  auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object())
    throw refusal{errcode, "data format error"};
  return body;
}

} // namespace zhiku::sandbox
