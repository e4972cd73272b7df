#include "http/server_core.hpp"

namespace zhiku::http {

bool server_core::admit_connection() {
  ++accepted_;
  if (++connections_ <= options.max_connections)
    return true;
  ++rejected_;
  connection_closed();
  return false;
}

void server_core::connection_closed() {
  if (--connections_ > 0)
    return;
  // The lock orders this with a waiter that has just looked.
  const std::lock_guard guard{emptied_mutex_};
  emptied_.notify_all();
}

bool server_core::admit_request() {
  if (++in_flight_ <= options.max_in_flight) {
    ++requests_;
    return true;
  }
  --in_flight_;
  ++rejected_;
  return false;
}

void server_core::request_answered() {
  --in_flight_;
}

response server_core::own_answer(int status) const {
  auto answer = options.render_error
                  ? options.render_error(status)
                  : response::text(status, std::string{reason_phrase(status)});
  if (status == 503)
    answer.set_header("Retry-After", "1");
  return answer;
}

server_stats server_core::stats() const {
  return {connections_, in_flight_, accepted_, requests_, rejected_};
}

bool server_core::wait_until_empty(steady_clock::time_point deadline) {
  std::unique_lock lock{emptied_mutex_};
  return emptied_.wait_until(lock, deadline,
                             [this] { return connections_ == 0; });
}

} // namespace zhiku::http
