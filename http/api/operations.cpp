// For those who run the house: health, readiness, metrics.

#include "http/api/routes.hpp"
#include "http/schema.hpp"

namespace zhiku::http {

namespace {

using domain::json;

void show_readiness(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto state = s.with.ready();
    auto content = asked->internal ? state.detail : json::object();
    content["ready"] = state.ready;
    asked->answer(state.ready ? 200 : 503, content);
  });
}

void show_metrics(services& s, const call_ptr& asked) {
  auto answer = response::text(200, s.with.metrics_text());
  answer.set_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  asked->answer(std::move(answer));
}

} // namespace

route_table operation_routes(services& s) {
  auto reply = schema::any_object();
  route_table made{
    {"GET", "/healthz", "health", "进程存活", anyone(),
     [](const call_ptr& asked) {
       asked->answer(200, {{"alive", true}});
     },
     nullptr, reply},
    {"GET", "/readyz", "readiness", "可否接收请求", anyone(),
     [&s](const call_ptr& asked) { show_readiness(s, asked); }, nullptr, reply},
  };
  if (s.with.metrics_text)
    made.push_back({"GET", "/metrics", "metrics", "Prometheus 指标", internal(),
                    [&s](const call_ptr& asked) { show_metrics(s, asked); }});
  return made;
}

} // namespace zhiku::http
