#include "sandbox/route.hpp"

#include "sandbox/errmsg.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::size_t max_rids = 1000;

void answer_json(httplib::Response& response, const json& body,
                 const char* content_type) {
  response.set_content(
    body.dump(-1, ' ', false, json::error_handler_t::replace), content_type);
}

/// Remembers the request, so that `rid/get` can explain it.
void remember(const call& on, const std::string& rid, const json& answer) {
  on.in.requests_by_rid[rid] = {{"invoke_time", unix_seconds(on.now)},
                                {"cost_in_ms", 0},
                                {"request_url", on.request.target},
                                {"request_body", on.request.body},
                                {"response_body", answer.dump()},
                                {"client_ip", on.request.remote_addr}};
  on.in.rids.push_back(rid);
  if (on.in.rids.size() > max_rids) {
    on.in.requests_by_rid.erase(on.in.rids.front());
    on.in.rids.pop_front();
  }
}

json refusal_body(const call& on, int errcode, const std::string& errmsg) {
  auto rid = new_rid(on.now);
  json out = {{"errcode", errcode}, {"errmsg", errmsg + " rid: " + rid}};
  remember(on, rid, out);
  return out;
}

/// Whether the ordered fault spoils the transport. Sleeps when it has to.
bool spoiled(world& in, const fault& wrong, httplib::Response& response) {
  if (wrong.latency_ms > 0)
    in.closing.pause(std::chrono::milliseconds{wrong.latency_ms});
  if (wrong.hang)
    in.closing.pause(in.how.hang);
  if (wrong.drop || wrong.hang)
    response.status = broken_off;
  else if (wrong.html)
    response.set_content("<html><body>502 Bad Gateway</body></html>",
                         "text/html");
  else if (wrong.http_status != 0)
    response.status = wrong.http_status;
  else
    return false;
  return true;
}

fault count_and_take(world& in, const std::string& api) {
  std::lock_guard lock{in.guard};
  ++in.calls[api];
  auto wrong = in.faults.take(api);
  if (wrong.revoke_token)
    in.tokens.revoke_all();
  return wrong;
}

json answer_of(call& on, const answer_function& answer) {
  try {
    if (on.wrong.errcode.is_number()) {
      auto errcode = on.wrong.errcode.get<int>();
      throw refusal{errcode, on.wrong.errmsg.empty() ? errmsg_of(errcode)
                                                     : on.wrong.errmsg};
    }
    return answer(on);
  } catch (const refusal& why) {
    return refusal_body(on, why.errcode, why.what());
  } catch (const json::exception&) {
    return refusal_body(on, 47001, errmsg_of(47001));
  }
}

} // namespace

refusal::refusal(int code) : refusal(code, errmsg_of(code)) {
  // nop
}

router::handler served_by(world& in, std::string api, answer_function answer) {
  return [&in, api = std::move(api), answer = std::move(answer)](
           const httplib::Request& request, httplib::Response& response) {
    call_gauge::call counted{in.under_way};
    auto wrong = count_and_take(in, api);
    if (spoiled(in, wrong, response))
      return;
    call on{in, request, response, wrong, in.time.now()};
    json out;
    {
      std::lock_guard lock{in.guard};
      out = answer_of(on, answer);
    }
    if (on.before_answer)
      on.before_answer();
    if (response.body.empty())
      answer_json(response, out, on.content_type);
  };
}

router::handler controlled_by(world& in, answer_function answer) {
  return [&in, answer = std::move(answer)](const httplib::Request& request,
                                           httplib::Response& response) {
    std::lock_guard lock{in.guard};
    const fault none;
    call on{in, request, response, none, in.time.now()};
    json out;
    try {
      out = answer(on);
    } catch (const refusal& why) {
      response.status = why.errcode;
      out = {{"error", why.what()}};
    } catch (const json::exception& why) {
      response.status = 400;
      out = {{"error", why.what()}};
    }
    answer_json(response, out, on.content_type);
  };
}

json object_in(const httplib::Request& request, int errcode) {
  auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object())
    throw refusal{errcode, "data format error"};
  return body;
}

json ok() {
  return {{"errcode", 0}, {"errmsg", "ok"}};
}

} // namespace zhiku::sandbox
