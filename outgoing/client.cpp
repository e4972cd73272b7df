#include "outgoing/client.hpp"

#include "outgoing/address.hpp"
#include "outgoing/loop.hpp"

#include <atomic>
#include <future>
#include <map>
#include <mutex>

namespace zhiku::outgoing {

namespace {

/// Before the first handle, once in a process; libcurl needs it so.
void prepare_library() {
  static const auto ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(ready);
}

settings prepared(settings how) {
  prepare_library();
  return how;
}

call_id refuse(const client::callback& done, errc why, const char* detail) {
  done(error{why, false, detail});
  return 0;
}

} // namespace

class client::core {
public:
  explicit core(settings how)
      : how_(prepared(std::move(how))),
        loop_(how_, [this](const std::string& origin) { leave(origin); }) {
    // nop
  }

  call_id send(request what, callback done) {
    auto origin = origin_of(what.url);
    if (!origin || !are_headers(what.headers))
      return refuse(done, errc::invalid_request, "request cannot be sent");
    if (!enter(*origin))
      return refuse(done, errc::busy, "too many calls under way");
    auto id = ++last_id_;
    auto call =
      std::make_unique<transfer>(id, *origin, std::move(what), std::move(done));
    if (loop_.add(call))
      return id;
    leave(*origin);
    call->tell(error{errc::stopped, false, "client has stopped"});
    return 0;
  }

  result wait_for(request what) {
    if (loop_.is_own_thread())
      return error{errc::invalid_request, false, "would wait for itself"};
    // Shared, since the setter may still be at it when the waiter goes on.
    auto outcome = std::make_shared<std::promise<result>>();
    send(std::move(what),
         [outcome](result got) { outcome->set_value(std::move(got)); });
    return outcome->get_future().get();
  }

  void cancel(call_id which) {
    loop_.cancel(which);
  }

  void stop() {
    loop_.stop();
  }

  std::size_t under_way() const {
    return total_;
  }

private:
  bool enter(const std::string& origin) {
    {
      std::lock_guard lock{mutex_};
      auto& count = counts_[origin];
      if (count >= how_.calls_per_origin)
        return false;
      ++count;
    }
    show(++total_);
    return true;
  }

  void leave(const std::string& origin) {
    {
      std::lock_guard lock{mutex_};
      --counts_[origin];
    }
    show(--total_);
  }

  void show(std::size_t now) const {
    if (how_.under_way)
      how_.under_way(now);
  }

  const settings how_;
  std::atomic<call_id> last_id_{0};
  std::atomic<std::size_t> total_{0};
  std::mutex mutex_;
  std::map<std::string, std::size_t> counts_; ///< few: they are configured
  loop loop_;                                 ///< ends before what it uses
};

client::client(settings how) : core_(std::make_unique<core>(std::move(how))) {
  // nop
}

client::~client() = default;

call_id client::send(request what, callback done) {
  return core_->send(std::move(what), std::move(done));
}

void client::cancel(call_id which) {
  core_->cancel(which);
}

result client::wait_for(request what) {
  return core_->wait_for(std::move(what));
}

std::size_t client::under_way() const {
  return core_->under_way();
}

void client::stop() {
  core_->stop();
}

} // namespace zhiku::outgoing
