#include "sandbox/fault_board.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

/// `true` for a virtual openid, `"known"` for the person's own.
snapshot snapshot_of(const json& order) {
  auto value = order.value("snapshot", json{});
  if (value == "known")
    return snapshot::known_openid;
  return value == true ? snapshot::virtual_openid : snapshot::none;
}

fault fault_of(const json& order) {
  fault out;
  out.errcode = order.value("errcode", json{});
  out.errmsg = order.value("errmsg", std::string{});
  out.latency_ms = order.value("latency_ms", 0);
  out.http_status = order.value("http_status", 0);
  out.hang = order.value("hang", false);
  out.drop = order.value("drop", false);
  out.html = order.value("html", false);
  out.revoke_token = order.value("revoke_token", false);
  out.visitor = snapshot_of(order);
  out.duplicate = order.value("duplicate", false);
  out.hold = order.value("hold", false);
  out.first = order.value("first", false);
  out.status = order.value("status", std::string{});
  return out;
}

} // namespace

void fault_board::add(const json& order) {
  entry made;
  made.api = order.at("api").get<std::string>();
  made.after = order.value("after", 0);
  made.left = order.value("count", 1);
  made.forever = made.left == 0;
  made.what = fault_of(order);
  entries_.push_back(std::move(made));
}

void fault_board::clear() {
  entries_.clear();
}

fault fault_board::take(const std::string& api) {
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    if (it->api != api)
      continue;
    if (it->after > 0) {
      --it->after;
      continue;
    }
    auto what = it->what;
    if (!it->forever && --it->left <= 0)
      entries_.erase(it);
    return what;
  }
  return {};
}

} // namespace zhiku::sandbox
