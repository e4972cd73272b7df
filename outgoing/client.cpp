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

class nobody : public observer {
public:
  void under_way(int) override {
    // nop
  }
  void on_wire(int) override {
    // nop
  }
  void failed(errc) override {
    // nop
  }
};

settings prepared(settings how) {
  prepare_library();
  if (!how.seen_by)
    how.seen_by = std::make_shared<nobody>();
  return how;
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
    return refuse([&call](result how) { call->tell(std::move(how)); },
                  errc::stopped, "client has stopped");
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
  call_id refuse(const callback& done, errc why, const char* detail) {
    how_.seen_by->failed(why);
    done(error{why, false, detail});
    return 0;
  }

  bool enter(const std::string& origin) {
    {
      std::lock_guard lock{mutex_};
      auto& count = counts_[origin];
      if (count >= how_.calls_per_origin)
        return false;
      ++count;
    }
    ++total_;
    how_.seen_by->under_way(1);
    return true;
  }

  void leave(const std::string& origin) {
    {
      std::lock_guard lock{mutex_};
      --counts_[origin];
    }
    --total_;
    how_.seen_by->under_way(-1);
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
