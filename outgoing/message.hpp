#pragma once
// What goes out and what comes back. Values; no I/O.

#include "outgoing/error.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace zhiku::outgoing {

enum class method : std::uint8_t { get, post };

using header_list = std::vector<std::pair<std::string, std::string>>;

/// What one call may take.
struct limits {
  /// For name, TCP and TLS together, once the call's turn has come.
  std::chrono::milliseconds connect{3'000};
  /// From `send` to the last byte, waiting for its turn included.
  std::chrono::milliseconds total{11'000};
  /// A peer that sends less than `slowest` bytes a second for so long, the time
  /// before its first byte included, is given up; 0: not before `total`.
  std::chrono::seconds slow_for{8};
  long slowest = 16;
  std::size_t body_bytes = std::size_t{1} << 20;
  std::size_t head_bytes = std::size_t{64} << 10;
};

struct request {
  method by = method::get;
  std::string url; ///< absolute, percent-encoded; sent as it is
  /// Sent as they are. Nothing is added but Host, Content-Length and Accept.
  header_list headers{};
  std::string body{}; ///< of a post

  /// Whether the request may arrive twice without harm. If so, it goes over a
  /// kept connection, and is sent again when that turns out to be closed before
  /// any byte of an answer came. If not, it goes over a new connection.
  bool repeatable = false;

  limits within{};
};

struct response {
  int status = 0;        ///< any; redirects are not followed
  header_list headers{}; ///< names in lower case
  /// The bytes as they came, of no certain encoding. One without a length ends
  /// where the connection does, whoever ended it.
  std::string body{};

  /// The first of that name, given in lower case; empty when there is none.
  std::string_view header(std::string_view name) const;
};

/// A response, whatever its status, or an error.
class [[nodiscard]] result {
public:
  result(response got) : content_(std::move(got)) {
    // nop
  }
  result(outgoing::error why) : content_(std::move(why)) {
    // nop
  }

  explicit operator bool() const {
    return content_.index() == 0;
  }

  /// @pre a response
  const response& operator*() const {
    return std::get<0>(content_);
  }
  const response* operator->() const {
    return &std::get<0>(content_);
  }

  /// @pre no response
  const outgoing::error& error() const {
    return std::get<1>(content_);
  }

private:
  std::variant<response, outgoing::error> content_;
};

} // namespace zhiku::outgoing
