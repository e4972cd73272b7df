#pragma once
// A TLS server that does whatever a test's script says, byte by byte: well
// behaved libraries cannot misbehave. One thread for each connection.

#include "tests/support/authority.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <openssl/ssl.h>

namespace zhiku::test {

/// A connection in the hands of the script; closed when the script returns.
class tls_peer {
public:
  tls_peer(int number, int socket, SSL* tls);

  /// Which connection of the server's, from 0.
  int number() const {
    return number_;
  }

  /// Head and body; nothing when the other side has ended.
  std::optional<std::string> read_request();

  /// False when the other side has ended.
  bool write(std::string_view bytes);

  /// Waits until the other side ends, or for `longest`; whether it has ended.
  bool ends_within(int longest_ms);

  /// The script's return resets the connection, as a crash does.
  void reset();

private:
  const int number_;
  const int socket_;
  SSL* tls_;
  std::string unread_;
};

class tls_server {
public:
  using script = std::function<void(tls_peer&)>;

  tls_server(const identity& who, script what);
  ~tls_server();

  /// "https://localhost:12345"
  std::string origin() const;

  /// Connections that came, secured or not.
  int connections() const {
    return accepted_;
  }

  /// Returns when so many scripts have returned and their connections are
  /// closed.
  void wait_for_closed(int count);

  /// What ALPN the latest client offered, as on the wire.
  std::string offered_protocols() const;

private:
  using context_ptr = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

  static int choose_protocol(SSL*, const unsigned char** out,
                             unsigned char* out_size, const unsigned char* in,
                             unsigned int in_size, void* self);
  void accept_all();
  void serve(int number, int socket);

  context_ptr context_;
  script what_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<int> accepted_{0};
  mutable std::mutex mutex_;
  std::condition_variable closed_changed_;
  int closed_ = 0;
  bool stopping_ = false;
  std::string offered_;
  std::vector<int> sockets_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

/// A whole answer with its length.
std::string answer_of(std::string_view body, std::string_view head = {});

} // namespace zhiku::test
