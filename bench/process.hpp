#pragma once
// Measurements run in processes of their own, so that none inherits another's
// heap, threads or connections. The parent therefore never starts a thread.

#include <functional>
#include <string>

#include <sys/types.h>

namespace zhiku::bench {

/// Runs `work` in a forked process and waits for its end. False, told on
/// standard error, when it threw or died.
bool run_apart(const std::string& what, const std::function<void()>& work);

/// A forked process that serves until this object goes. Call `wait_until_gone`
/// in it; it returns when the parent lets go or dies.
class service_process {
public:
  class lifeline {
  public:
    lifeline(int ready, int gone) : ready_(ready), gone_(gone) {
      // nop
    }
    /// Tells the parent the port that is served.
    void announce(int port) const;
    void wait_until_gone() const;

  private:
    int ready_;
    int gone_;
  };

  /// Returns when the process has announced its port.
  /// @throws cannot_measure when it dies before
  explicit service_process(const std::function<void(const lifeline&)>& serve);
  ~service_process();

  service_process(const service_process&) = delete;
  service_process& operator=(const service_process&) = delete;

  int port() const {
    return port_;
  }

private:
  pid_t pid_;
  int hold_;
  int port_ = 0;
};

/// Raises the soft limit of open files to the hard one.
/// @throws cannot_measure when that is less than `needed`
void allow_open_files(std::size_t needed);

/// Resident memory of this process in bytes.
std::size_t resident_bytes();

} // namespace zhiku::bench
