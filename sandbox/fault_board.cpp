#include "sandbox/fault_board.hpp"

namespace zhiku::sandbox {

void fault_board::add(const nlohmann::json& order) {
  entry made;
  made.api = order.at("api").get<std::string>();
  made.after = order.value("after", 0);
  made.left = order.value("count", 1);
  made.forever = made.left == 0;
  made.what.errcode = order.value("errcode", nlohmann::json{});
  made.what.latency_ms = order.value("latency_ms", 0);
  made.what.http_status = order.value("http_status", 0);
  made.what.drop = order.value("drop", false);
  made.what.html = order.value("html", false);
  made.what.duplicate = order.value("duplicate", false);
  made.what.snapshot = order.value("snapshot", false);
  made.what.status = order.value("status", std::string{});
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
