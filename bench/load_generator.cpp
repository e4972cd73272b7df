#include "bench/load_generator.hpp"

#include "bench/report.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zhiku::bench {

namespace {

using clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds warm_up{500};
constexpr int longest_silence_ms = 10'000;
constexpr std::size_t connected_at_once = 500;

/// The first answer in `bytes`, once it is whole.
struct answer {
  int status;
  std::size_t size;
};

std::optional<answer> first_answer(std::string_view bytes) {
  constexpr std::string_view length_name = "\r\nContent-Length: ";
  auto end = bytes.find("\r\n\r\n");
  auto length_at = bytes.substr(0, end).find(length_name);
  if (end == std::string_view::npos)
    return std::nullopt;
  if (length_at == std::string_view::npos)
    throw cannot_measure("an answer without Content-Length");
  answer found{};
  std::size_t body = 0;
  std::from_chars(bytes.data() + 9, bytes.data() + 12, found.status);
  std::from_chars(bytes.data() + length_at + length_name.size(),
                  bytes.data() + end, body);
  found.size = end + 4 + body;
  if (bytes.size() < found.size)
    return std::nullopt;
  return found;
}

bool is_success(int status) {
  return status >= 200 && status < 300;
}

/// Appends what has come. False when the peer is gone.
bool receive(int fd, std::string& into) {
  std::array<char, 16 * 1024> chunk{};
  auto count = ::recv(fd, chunk.data(), chunk.size(), 0);
  if (count <= 0)
    return false;
  into.append(chunk.data(), static_cast<std::size_t>(count));
  return true;
}

double quantile_ms(std::vector<clock::duration>& sorted, double part) {
  if (sorted.empty())
    return 0;
  auto place =
    static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
  return std::chrono::duration<double, std::milli>(sorted[place]).count();
}

} // namespace

connection::connection(int port)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  // Reset on close: ten thousand ports in TIME_WAIT would starve later turns.
  const linger reset{1, 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(port));
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0)
    return;
  ::close(fd_);
  throw cannot_measure("the server takes no connection");
}

connection::~connection() {
  if (fd_ >= 0)
    ::close(fd_);
}

connection::connection(connection&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)) {
  // nop
}

void connection::send(const std::string& request) const {
  auto sent = ::send(fd_, request.data(), request.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(request.size()))
    throw cannot_measure("the server takes no request");
}

struct load_generator::client {
  connection line;
  source next;
  std::string unread;
  clock::time_point asked_at;
};

/// The counts of one turn while it runs.
class load_generator::turn {
public:
  explicit turn(std::chrono::milliseconds length)
      : from_(clock::now() + warm_up), until_(from_ + length) {
    // nop
  }

  void ask(client& who) {
    who.line.send(who.next());
    who.asked_at = clock::now();
    ++under_way_;
  }

  void read(client& who) {
    if (!receive(who.line.descriptor(), who.unread))
      throw cannot_measure("the server breaks a connection");
    auto got = first_answer(who.unread);
    if (!got)
      return;
    who.unread.erase(0, got->size);
    --under_way_;
    auto now = clock::now();
    count(*got, now, now - who.asked_at);
    if (now < until_)
      ask(who);
  }

  bool is_over() const {
    return under_way_ == 0;
  }

  tally result() {
    std::sort(took_.begin(), took_.end());
    std::chrono::duration<double> length = until_ - from_;
    return {static_cast<double>(took_.size()) / length.count(), errors_,
            quantile_ms(took_, 0.5), quantile_ms(took_, 0.99)};
  }

private:
  void count(const answer& got, clock::time_point now, clock::duration took) {
    if (now < from_ || now >= until_)
      return;
    if (is_success(got.status))
      took_.push_back(took);
    else
      ++errors_;
  }

  clock::time_point from_;
  clock::time_point until_;
  std::size_t under_way_ = 0;
  std::uint64_t errors_ = 0;
  std::vector<clock::duration> took_;
};

load_generator::load_generator(int port, std::vector<source> sources)
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  for (auto& next : sources) {
    clients_.push_back(std::make_unique<client>(
      client{connection{port}, std::move(next), {}, {}}));
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.ptr = clients_.back().get();
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, clients_.back()->line.descriptor(),
                &wanted);
  }
}

load_generator::~load_generator() {
  ::close(epoll_);
}

load_generator::tally load_generator::run(std::chrono::milliseconds length) {
  turn now{length};
  for (auto& who : clients_)
    now.ask(*who);
  std::array<epoll_event, 256> ready{};
  while (!now.is_over()) {
    auto count =
      ::epoll_wait(epoll_, ready.data(), ready.size(), longest_silence_ms);
    if (count <= 0)
      throw cannot_measure("the server keeps silent");
    for (int i = 0; i < count; ++i)
      now.read(
        *static_cast<client*>(ready[static_cast<std::size_t>(i)].data.ptr));
  }
  return now.result();
}

std::vector<connection> idle_connections(int port, std::size_t count,
                                         const std::string& request) {
  std::vector<connection> all;
  all.reserve(count);
  while (all.size() < count) {
    auto first = all.size();
    for (; all.size() < std::min(count, first + connected_at_once);)
      all.emplace_back(port).send(request);
    for (auto i = first; i < all.size(); ++i) {
      std::string got;
      while (!first_answer(got))
        if (!receive(all[i].descriptor(), got))
          throw cannot_measure("the server turns idle connections away");
      if (!is_success(first_answer(got)->status))
        throw cannot_measure("the server refuses idle connections");
    }
  }
  return all;
}

} // namespace zhiku::bench
