#include "http/connection.hpp"

#include "base/random.hpp"
#include "http/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace zhiku::http {

namespace {

/// Requests of one connection that may wait for answers at a time.
constexpr std::size_t max_pipelined = 16;

/// How long a closed connection is read on, so that what the peer still sends
/// does not reset it before the answer has been read.
constexpr std::chrono::seconds linger_timeout{2};

/// Buffers are given back, not kept, so that resting connections stay small.
template <class Container>
void release(Container& buffer) {
  Container{}.swap(buffer);
}

/// An id from outside is kept when it cannot do harm in logs and headers.
bool is_usable_id(std::string_view id) {
  constexpr std::size_t longest = 64;
  return !id.empty() && id.size() <= longest
         && std::all_of(id.begin(), id.end(), [](char c) {
              return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                     || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'
                     || c == '.';
            });
}

std::string id_for(const request& incoming) {
  const auto given = incoming.header("X-Request-Id");
  return is_usable_id(given) ? std::string{given} : new_uuid();
}

bool is_bare_500(const response& answer) {
  return answer.status == 500 && answer.body.empty() && answer.headers.empty();
}

} // namespace

connection::connection(int fd, std::string remote_address,
                       std::shared_ptr<server_core> core,
                       std::shared_ptr<event_loop> loop)
    : core_(std::move(core)), loop_(std::move(loop)),
      remote_address_(std::move(remote_address)), fd_(fd),
      quiet_since_(steady_clock::now()) {
  // nop
}

connection::~connection() {
  close();
}

bool connection::watch() {
  const std::lock_guard guard{mutex_};
  interest_ = EPOLLIN;
  return loop_->add(fd_, interest_, this);
}

bool connection::on_events(std::uint32_t events) {
  if ((events & (EPOLLERR | EPOLLHUP)) != 0)
    return false;
  if ((events & EPOLLOUT) != 0) {
    const std::lock_guard guard{mutex_};
    flush();
  }
  return (events & EPOLLIN) == 0 || on_readable();
}

void connection::resume() {
  read_deadline_ = steady_clock::now() + core_->options.header_timeout;
  take({});
}

bool connection::check_time(steady_clock::time_point now) {
  const bool late = is_reading() && now > read_deadline_;
  std::unique_lock lock{mutex_};
  if (fd_ < 0 || is_overdue(now))
    return false;
  expire(now);
  if (late && !paused_ && !closing_) {
    lock.unlock();
    refuse(408);
  }
  return true;
}

void connection::close() {
  const std::lock_guard guard{mutex_};
  if (fd_ < 0)
    return;
  ::close(fd_);
  fd_ = -1;
  exchanges_.clear();
  release(out_);
  core_->connection_closed();
}

// -- reading ------------------------------------------------------------------

bool connection::on_readable() {
  auto& scratch = loop_->scratch;
  const auto count = ::recv(fd_, scratch.data(), scratch.size(), 0);
  if (count == 0)
    return peer_finished();
  if (count < 0)
    return errno == EAGAIN || errno == EINTR;
  if (phase_ != phase::stopped)
    take({scratch.data(), static_cast<std::size_t>(count)});
  return true;
}

bool connection::peer_finished() {
  phase_ = phase::stopped;
  release(in_);
  request_.reset();
  const std::lock_guard guard{mutex_};
  if (lingering_ || is_idle())
    return false;
  // It may have closed only its sending side: what it asked is answered.
  peer_done_ = true;
  update_interest();
  return true;
}

bool connection::is_reading() const {
  if (phase_ == phase::head)
    return !in_.empty();
  return phase_ != phase::stopped;
}

void connection::take(std::string_view bytes) {
  {
    const std::lock_guard guard{mutex_};
    corked_ = true;
  }
  const bool buffered = !in_.empty();
  if (buffered)
    bytes = in_.append(bytes);
  if (!buffered && phase_ == phase::head)
    read_deadline_ = steady_clock::now() + core_->options.header_timeout;
  const auto used = parse(bytes);
  if (phase_ == phase::stopped || used == bytes.size())
    release(in_);
  else if (buffered)
    in_.erase(0, used);
  else
    in_.assign(bytes.substr(used));
  const std::lock_guard guard{mutex_};
  corked_ = false;
  advance();
}

std::size_t connection::parse(std::string_view bytes) {
  const auto size = bytes.size();
  bool progress = true;
  while (progress && !bytes.empty() && may_parse()) {
    if (phase_ == phase::head)
      progress = parse_head(bytes);
    else if (phase_ == phase::sized_body)
      progress = parse_sized_body(bytes);
    else
      progress = parse_chunked_body(bytes);
  }
  return size - bytes.size();
}

bool connection::may_parse() {
  if (phase_ == phase::stopped)
    return false;
  const std::lock_guard guard{mutex_};
  if (closing_ || fd_ < 0)
    phase_ = phase::stopped;
  paused_ = phase_ == phase::head && is_congested();
  return phase_ != phase::stopped && !paused_;
}

bool connection::parse_head(std::string_view& bytes) {
  // An empty line before a request is tolerated (RFC 9112 section 2.2).
  while (searched_ == 0 && bytes.starts_with("\r\n"))
    bytes.remove_prefix(2);
  const auto limit = core_->options.max_header_bytes;
  const auto end = find_head_end(bytes.substr(0, limit), searched_);
  if (end != std::string_view::npos) {
    searched_ = 0;
    const auto head = bytes.substr(0, end);
    bytes.remove_prefix(end);
    return begin_request(head) && (begin_body(bytes), true);
  }
  searched_ = bytes.size();
  if (bytes.size() >= limit)
    refuse(431);
  return false;
}

bool connection::begin_request(std::string_view head) {
  if (const auto status = examine_head(head, head_); status != 0) {
    refuse(status);
    return false;
  }
  if (head_.content_length > core_->options.max_body_bytes) {
    refuse(413);
    return false;
  }
  auto parsed = core_->parser.parse(head);
  if (!parsed) {
    refuse(400);
    return false;
  }
  request_ = std::make_unique<request>(std::move(*parsed));
  request_->remote_address = remote_address_;
  request_->id = id_for(*request_);
  return true;
}

void connection::begin_body(std::string_view rest) {
  if (!head_.chunked && head_.content_length == 0)
    return finish_request();
  read_deadline_ = steady_clock::now() + core_->options.body_timeout;
  phase_ = head_.chunked ? phase::chunked_body : phase::sized_body;
  if (head_.chunked)
    chunks_ = std::make_unique<chunk_decoder>();
  if (!head_.expects_continue || !rest.empty())
    return;
  const std::lock_guard guard{mutex_};
  auto& interim = exchanges_.emplace_back();
  interim.answered = interim.interim = true;
}

bool connection::parse_sized_body(std::string_view& bytes) {
  auto& body = request_->body;
  const auto piece = bytes.substr(0, head_.content_length - body.size());
  body.append(piece);
  bytes.remove_prefix(piece.size());
  if (body.size() < head_.content_length)
    return false;
  finish_request();
  return true;
}

bool connection::parse_chunked_body(std::string_view& bytes) {
  const auto limit = core_->options.max_body_bytes;
  if (const auto status = chunks_->feed(bytes, request_->body, limit)) {
    refuse(status);
    return false;
  }
  if (!chunks_->done())
    return false;
  finish_request();
  return true;
}

void connection::finish_request() {
  chunks_.reset();
  phase_ = head_.keep_alive ? phase::head : phase::stopped;
  const auto now = steady_clock::now();
  read_deadline_ = now + core_->options.header_timeout;
  std::uint64_t number = 0;
  {
    const std::lock_guard guard{mutex_};
    if (closing_ || fd_ < 0)
      return;
    number = first_number_ + exchanges_.size();
    auto& begun = exchanges_.emplace_back();
    begun.form = {request_->id, head_.is_head, head_.http_1_0,
                  head_.keep_alive};
    begun.deadline = now + core_->options.response_timeout;
  }
  head_ = {};
  if (core_->admit_request())
    call_handler(number);
  else
    answer(number, core_->own_answer(503));
}

void connection::call_handler(std::uint64_t number) {
  const responder right{[self = shared_from_this(), number](response given) {
    self->core_->request_answered();
    self->answer(number, std::move(given));
  }};
  const auto incoming = std::move(request_);
  try {
    core_->handle(std::move(*incoming), right);
  } catch (...) {
    // Its text may hold personal data: neither sent nor logged.
    right.complete(core_->own_answer(500));
  }
}

void connection::refuse(int status) {
  phase_ = phase::stopped;
  request_.reset();
  chunks_.reset();
  auto verdict = core_->own_answer(status);
  const std::lock_guard guard{mutex_};
  auto& refused = exchanges_.emplace_back();
  refused.form = {new_uuid(), head_.is_head, false, false};
  settle(refused, std::move(verdict));
}

// -- answering ----------------------------------------------------------------

void connection::answer(std::uint64_t number, response given) {
  if (is_bare_500(given))
    given = core_->own_answer(500);
  const std::lock_guard guard{mutex_};
  const auto index = number - first_number_;
  if (number >= first_number_ && index < exchanges_.size()
      && !exchanges_[index].answered)
    settle(exchanges_[index], std::move(given));
}

void connection::settle(exchange& waiting, response given) {
  waiting.answer = std::move(given);
  waiting.answered = true;
  if (!corked_)
    advance();
}

void connection::advance() {
  std::size_t due = 0;
  while (due < exchanges_.size() && exchanges_[due].answered) {
    enqueue_wire(exchanges_[due], due + 1 == exchanges_.size());
    ++due;
  }
  first_number_ += due;
  if (due == exchanges_.size())
    release(exchanges_);
  else
    exchanges_.erase(exchanges_.begin(),
                     exchanges_.begin() + static_cast<std::ptrdiff_t>(due));
  flush();
}

void connection::enqueue_wire(exchange& due, bool last) {
  if (closing_)
    return; // a cut answer went before
  if (due.interim) {
    out_ += "HTTP/1.1 100 Continue\r\n\r\n";
    return;
  }
  if (last && (core_->draining || peer_done_))
    due.form.keep_alive = false;
  if (due.answer.is_cut)
    due.form.keep_alive = false;
  closing_ = closing_ || !due.form.keep_alive;
  auto wire = to_wire(due.answer, due.form);
  if (due.answer.is_cut)
    wire.pop_back();
  if (out_.empty())
    out_ = std::move(wire);
  else
    out_ += wire;
}

void connection::flush() {
  if (fd_ < 0 || lingering_)
    return;
  if (!out_.empty() && !send_pending()) {
    // Both sides shut make epoll report a hang-up, and the loop cleans up.
    ::shutdown(fd_, SHUT_RDWR);
    release(out_);
    return;
  }
  after_flush();
  update_interest();
}

/// @returns false when the connection is broken
bool connection::send_pending() {
  while (sent_ < out_.size()) {
    const auto count = ::send(fd_, out_.data() + sent_, out_.size() - sent_,
                              MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return errno == EAGAIN;
    sent_ += static_cast<std::size_t>(count);
    quiet_since_ = steady_clock::now();
  }
  release(out_);
  sent_ = 0;
  return true;
}

void connection::after_flush() {
  if (out_.empty() && exchanges_.empty() && (closing_ || peer_done_))
    return say_goodbye();
  if (!paused_ || is_congested())
    return;
  paused_ = false;
  loop_->post([self = shared_from_this()] { self->resume(); });
}

void connection::say_goodbye() {
  ::shutdown(fd_, SHUT_WR);
  lingering_ = true;
  quiet_since_ = steady_clock::now();
}

void connection::update_interest() {
  if (fd_ < 0)
    return;
  std::uint32_t wanted = 0;
  if (!peer_done_ && (!paused_ || lingering_))
    wanted |= EPOLLIN;
  if (!out_.empty())
    wanted |= EPOLLOUT;
  if (wanted == interest_)
    return;
  interest_ = wanted;
  loop_->modify(fd_, wanted, this);
}

bool connection::is_congested() const {
  return exchanges_.size() >= max_pipelined || !out_.empty();
}

bool connection::is_idle() const {
  return exchanges_.empty() && out_.empty();
}

bool connection::is_overdue(steady_clock::time_point now) const {
  const auto& options = core_->options;
  const auto quiet = now - quiet_since_;
  if (lingering_)
    return quiet > linger_timeout;
  if (!out_.empty())
    return quiet > options.write_timeout;
  return exchanges_.empty() && !is_reading()
         && (core_->draining || quiet > options.idle_timeout);
}

void connection::expire(steady_clock::time_point now) {
  bool any = false;
  for (auto& waiting : exchanges_) {
    if (waiting.answered || now <= waiting.deadline)
      continue;
    waiting.answer = core_->own_answer(503);
    waiting.answered = any = true;
  }
  if (any)
    advance();
}

} // namespace zhiku::http
