#pragma once
// One client's connection. Private to the server.
//
// Reading and parsing belong to the loop's thread alone. Answers come from any
// thread; everything they touch is behind the mutex. Answers are sent in the
// order of their requests and written at once, by whoever makes the next one
// due; the loop takes over only when the peer does not read fast enough.

#include "http/framing.hpp"
#include "http/server_core.hpp"
#include "http/wire.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace zhiku::http {

class event_loop;

class connection : public std::enable_shared_from_this<connection> {
public:
  /// Takes ownership of the non-blocking socket `fd`, counted by `core`.
  connection(int fd, std::string remote_address,
             std::shared_ptr<server_core> core,
             std::shared_ptr<event_loop> loop);
  ~connection();

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  // -- for the loop's thread only ---------------------------------------------

  /// Registers with the loop's epoll. @returns false when that fails
  bool watch();

  /// Acts on what epoll reported. @returns false when the connection is over
  bool on_events(std::uint32_t events);

  /// Parses on after back-pressure has ended.
  void resume();

  /// Enforces the time limits. @returns as `on_events`
  bool check_time(steady_clock::time_point now);

  /// Closes the socket; late answers are dropped from now on.
  void close();

  std::size_t place = 0; ///< the loop's index of this connection

private:
  enum class phase : std::uint8_t { head, sized_body, chunked_body, stopped };

  /// A request that waits for its answer or for its turn to be answered.
  struct exchange {
    wire_form form;
    steady_clock::time_point deadline;
    response answer;
    bool answered = false;
    bool interim = false; ///< only says 100 Continue
  };

  // -- reading (loop's thread, without the mutex) -----------------------------
  bool on_readable();
  void take(std::string_view bytes);
  std::size_t parse(std::string_view bytes);
  bool may_parse();
  bool parse_head(std::string_view& bytes);
  bool begin_request(std::string_view head);
  void begin_body(std::string_view rest);
  bool parse_sized_body(std::string_view& bytes);
  bool parse_chunked_body(std::string_view& bytes);
  void finish_request();
  void call_handler(std::uint64_t number);
  void refuse(int status);
  bool peer_finished();
  bool is_reading() const;

  // -- answering (any thread, takes the mutex) --------------------------------
  void answer(std::uint64_t number, response given);

  // -- below: with the mutex held ---------------------------------------------
  void settle(exchange& waiting, response given);
  void advance();
  void enqueue_wire(exchange& due, bool last);
  void flush();
  void after_flush();
  bool send_pending();
  void say_goodbye();
  void update_interest();
  bool is_congested() const;
  bool is_idle() const;
  bool is_overdue(steady_clock::time_point now) const;
  void expire(steady_clock::time_point now);

  const std::shared_ptr<server_core> core_;
  const std::shared_ptr<event_loop> loop_;
  const std::string remote_address_;

  // -- reading ----------------------------------------------------------------
  phase phase_ = phase::head;
  std::string in_;           // bytes not parsed yet
  std::size_t searched_ = 0; // of them, known to hold no end of a head
  message_head head_;
  std::unique_ptr<request> request_; // whose body is arriving
  std::unique_ptr<chunk_decoder> chunks_;
  steady_clock::time_point read_deadline_;

  // -- answering --------------------------------------------------------------
  std::mutex mutex_;
  int fd_;
  std::vector<exchange> exchanges_;
  std::uint64_t first_number_ = 0; // of exchanges_.front()
  std::string out_;
  std::size_t sent_ = 0; // of out_
  std::uint32_t interest_ = 0;
  bool corked_ = false;    // parsing: answers wait, to leave in one write
  bool paused_ = false;    // not reading, because of back-pressure
  bool closing_ = false;   // the last answer is in out_ or sent
  bool peer_done_ = false; // the peer will send nothing more
  bool lingering_ = false; // our side is shut, discarding until theirs is
  steady_clock::time_point quiet_since_; // last progress of output
};

} // namespace zhiku::http
