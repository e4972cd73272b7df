#include "bench/process.hpp"

#include "bench/report.hpp"

#include <array>
#include <cstdio>
#include <fstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zhiku::bench {

namespace {

/// In a child: runs `work` and ends the process without the parent's
/// destructors.
template <class Work>
[[noreturn]] void end_with(const std::string& what, const Work& work) {
  int code = 0;
  try {
    work();
  } catch (const std::exception& err) {
    progress(what + ": " + err.what());
    code = 1;
  }
  std::fflush(nullptr);
  ::_exit(code);
}

pid_t fork_or_throw() {
  std::fflush(nullptr);
  auto pid = ::fork();
  if (pid < 0)
    throw cannot_measure("cannot fork");
  return pid;
}

bool ended_well(pid_t pid) {
  int status = 0;
  return ::waitpid(pid, &status, 0) == pid && WIFEXITED(status)
         && WEXITSTATUS(status) == 0;
}

std::array<int, 2> new_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0)
    throw cannot_measure("cannot make a pipe");
  return ends;
}

} // namespace

bool run_apart(const std::string& what, const std::function<void()>& work) {
  auto pid = fork_or_throw();
  if (pid == 0)
    end_with(what, work);
  if (ended_well(pid))
    return true;
  progress(what + ": not measured");
  return false;
}

void service_process::lifeline::announce(int port) const {
  if (::write(ready_, &port, sizeof port) != sizeof port)
    throw cannot_measure("nobody listens for the port");
}

void service_process::lifeline::wait_until_gone() const {
  char ignored = 0;
  while (::read(gone_, &ignored, 1) > 0) {
    // nop
  }
}

service_process::service_process(
  const std::function<void(const lifeline&)>& serve) {
  auto ready = new_pipe();
  auto gone = new_pipe();
  pid_ = fork_or_throw();
  if (pid_ == 0) {
    ::close(ready[0]);
    ::close(gone[1]);
    end_with("server", [&] { serve(lifeline{ready[1], gone[0]}); });
  }
  ::close(ready[1]);
  ::close(gone[0]);
  hold_ = gone[1];
  auto told = ::read(ready[0], &port_, sizeof port_) == sizeof port_;
  ::close(ready[0]);
  if (told)
    return;
  ::close(hold_);
  ended_well(pid_);
  throw cannot_measure("the server under test does not start");
}

service_process::~service_process() {
  ::close(hold_);
  ended_well(pid_);
}

void allow_open_files(std::size_t needed) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_max < needed)
    throw cannot_measure("only " + std::to_string(limit.rlim_max)
                         + " open files are allowed");
}

std::size_t resident_bytes() {
  std::ifstream in{"/proc/self/statm"};
  std::size_t total = 0, resident = 0;
  in >> total >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

} // namespace zhiku::bench
