#include "sandbox/router.hpp"

#include "base/log.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

void router::get(const std::string& path, handler by) {
  routes_["HEAD"].emplace_back(std::regex{path}, by);
  routes_["GET"].emplace_back(std::regex{path}, std::move(by));
}

void router::post(const std::string& path, handler by) {
  routes_["POST"].emplace_back(std::regex{path}, std::move(by));
}

void router::put(const std::string& path, handler by) {
  routes_["PUT"].emplace_back(std::regex{path}, std::move(by));
}

void router::remove(const std::string& path, handler by) {
  routes_["DELETE"].emplace_back(std::regex{path}, std::move(by));
}

void router::serve(httplib::Request& asked, httplib::Response& answer) const {
  answer.status = 200;
  auto of_method = routes_.find(asked.method);
  if (of_method == routes_.end()) {
    answer.status = 404;
    return;
  }
  for (const auto& [path, by] : of_method->second) {
    if (!std::regex_match(asked.path, asked.matches, path))
      continue;
    try {
      by(asked, answer);
    } catch (const std::exception& err) {
      log::error("sandbox fails", {{"failure", err.what()}});
      answer.status = 500;
    }
    return;
  }
  answer.status = 404;
}

} // namespace zhiku::sandbox
