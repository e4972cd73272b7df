#pragma once
// POSTs the carriers' delivery reports to us (PROTOCOL 9). Owns its thread;
// thread-safe.

#include "sandbox/timed_worker.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

class report_sender {
public:
  /// One POST: reports of one carrier in one array.
  struct batch {
    std::string url;
    nlohmann::json reports;
    bool again_until_taken = false; ///< as Aliyun does, until `{"code":0}`
  };

  /// @param retry_after  the waits before each further try
  explicit report_sender(std::vector<std::chrono::milliseconds> retry_after);

  /// @param settled  called after the first try; may be empty
  void send(batch what, std::chrono::milliseconds delay = {},
            std::function<void()> settled = {});

  std::size_t pending() const;

private:
  void deliver(const batch& what, std::size_t tries,
               const std::function<void()>& settled);

  std::vector<std::chrono::milliseconds> retry_after_;
  timed_worker worker_; ///< last: its thread uses the rest
};

} // namespace zhiku::sandbox
