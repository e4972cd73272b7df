#pragma once
// The client's thread: libcurl's multi handle, the calls on the wire, and those
// that wait for their turn. For this folder.

#include "outgoing/transfer.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <curl/curl.h>

namespace zhiku::outgoing {

class loop {
public:
  /// @param left  told the origin of each call just before its callback
  loop(const settings& how, std::function<void(const std::string&)> left);
  ~loop();

  /// False, with the transfer untouched, after `stop`. Thread-safe.
  bool add(std::unique_ptr<transfer>& one);
  void cancel(call_id which); ///< thread-safe
  void stop();                ///< thread-safe; not on the loop's own thread
  bool is_own_thread() const;

private:
  using clock = transfer::clock;
  using multi_ptr = std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)>;

  /// What other threads ask for.
  struct mail {
    std::vector<std::unique_ptr<transfer>> calls;
    std::vector<call_id> cancelled;
    bool stop = false;
  };

  struct peer {
    std::size_t on_wire = 0;
    std::deque<call_id> waiting; ///< some may be gone by now
  };

  void run();
  bool take_mail();
  void start_or_queue(std::unique_ptr<transfer> one);
  void start(transfer& one);
  void start_waiting(peer& to);
  void drop_overdue();
  void take_finished();
  void wait();
  void finish(call_id which, const std::function<result(transfer&)>& how);
  void give_up(call_id which, errc why);
  void count_on_wire(const transfer& one, int change);

  const settings how_;
  const std::function<void(const std::string&)> left_;
  multi_ptr multi_;
  std::mutex mutex_;
  mail mail_;           ///< under the mutex
  bool closed_ = false; ///< under the mutex

  // The loop's thread alone.
  std::unordered_map<call_id, std::unique_ptr<transfer>> calls_;
  std::map<std::string, peer> peers_; ///< few: they are configured
  std::set<std::pair<clock::time_point, call_id>> waiting_until_;

  std::mutex join_mutex_;
  std::thread thread_;
};

} // namespace zhiku::outgoing
