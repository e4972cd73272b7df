#include "tests/fault/process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <random>
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace zhiku::fault {

namespace {

std::vector<std::string> merged_environment(const environment& extra) {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    std::string text{*entry};
    if (!extra.contains(text.substr(0, text.find('='))))
      all.push_back(std::move(text));
  }
  for (const auto& [name, value] : extra)
    all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (auto& text : texts)
    list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

class file_actions {
public:
  explicit file_actions(const std::string& log) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, 1, log.c_str(),
                                     O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&actions_, 1, 2);
    // PostgreSQL's user may not be able to enter the current directory.
    posix_spawn_file_actions_addchdir_np(&actions_, "/");
  }
  ~file_actions() {
    posix_spawn_file_actions_destroy(&actions_);
  }
  file_actions(const file_actions&) = delete;
  file_actions& operator=(const file_actions&) = delete;

  const posix_spawn_file_actions_t* get() const {
    return &actions_;
  }

private:
  posix_spawn_file_actions_t actions_;
};

bool is_free(int port) {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  bool bound =
    ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  ::close(fd);
  return bound;
}

} // namespace

bool wait_until(const std::function<bool()>& done, milliseconds limit) {
  auto end = std::chrono::steady_clock::now() + limit;
  while (!done()) {
    if (std::chrono::steady_clock::now() >= end)
      return false;
    std::this_thread::sleep_for(milliseconds{10});
  }
  return true;
}

process::process(std::vector<std::string> argv, const environment& extra,
                 const std::string& log) {
  argv.insert(argv.begin(), {"setpriv", "--pdeathsig", "KILL", "--"});
  auto variables = merged_environment(extra);
  auto arguments = pointers_to(argv);
  auto environment_block = pointers_to(variables);
  file_actions actions{log};
  int failed = ::posix_spawnp(&pid_, "setpriv", actions.get(), nullptr,
                              arguments.data(), environment_block.data());
  if (failed != 0)
    throw std::runtime_error("cannot start " + argv[4] + ": "
                             + std::strerror(failed));
}

process::~process() {
  kill_hard();
}

bool process::running() {
  reap(WNOHANG);
  return pid_ > 0;
}

void process::kill_hard() {
  if (pid_ <= 0)
    return;
  ::kill(pid_, SIGKILL);
  reap(0);
}

int process::wait() {
  reap(0);
  return code_;
}

void process::reap(int options) {
  if (pid_ <= 0)
    return;
  int status = 0;
  pid_t ended = 0;
  do
    ended = ::waitpid(pid_, &status, options);
  while (ended < 0 && errno == EINTR);
  if (ended == 0)
    return;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  pid_ = -1;
}

int free_port() {
  std::mt19937 source{std::random_device{}()};
  std::uniform_int_distribution<int> range{20'000, 29'999};
  for (int tries = 0; tries < 100; ++tries)
    if (int port = range(source); is_free(port))
      return port;
  throw std::runtime_error("no free port found");
}

} // namespace zhiku::fault
