#include "actors/shared_fetch.hpp"

#include <exception>
#include <utility>

namespace zhiku::actors {

namespace {

wechat::api_error not_fetched(std::string why) {
  return {wechat::failure::unreachable, 0, 0, std::move(why)};
}

} // namespace

shared_fetch::shared_fetch(worker_pool& threads,
                           std::function<outcome(const std::string&)> fetch)
    : threads_(threads), fetch_(std::move(fetch)) {
  // nop
}

void shared_fetch::get(const std::string& key, callback done) {
  {
    std::lock_guard lock{mutex_};
    auto [at, is_first] = under_way_.try_emplace(key);
    if (done)
      at->second.push_back(std::move(done));
    if (!is_first)
      return;
  }
  if (!threads_.run([this, key] { run(key); }))
    end(key, not_fetched("too much is waiting"));
}

void shared_fetch::run(const std::string& key) {
  end(key, fetched(key));
}

shared_fetch::outcome shared_fetch::fetched(const std::string& key) const {
  try {
    return fetch_(key);
  } catch (const std::exception& err) {
    return not_fetched(err.what());
  }
}

void shared_fetch::end(const std::string& key, const outcome& with) {
  std::vector<callback> all;
  {
    std::lock_guard lock{mutex_};
    if (auto found = under_way_.extract(key))
      all = std::move(found.mapped());
  }
  for (const auto& done : all)
    done(with);
}

} // namespace zhiku::actors
