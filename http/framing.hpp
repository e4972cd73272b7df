#pragma once
// Where a request begins and ends in a stream of bytes (RFC 9112), strictly:
// whatever two readers could frame differently is refused. Private to the
// server; pure, no sockets.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace zhiku::http {

/// What the head of a request says about its framing.
struct message_head {
  std::size_t content_length = 0; ///< 0 when there is no body or it is chunked
  bool chunked = false;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool is_head = false; ///< the method is HEAD: its answer has no body
  bool expects_continue = false;
};

/// The length of the head at the start of `bytes`, the blank line included;
/// `npos` while it is incomplete. `from`: bytes known to hold no end yet.
std::size_t find_head_end(std::string_view bytes, std::size_t from);

/// Reads the framing of one whole head.
/// @returns 0, or the status to refuse the request with
int examine_head(std::string_view head, message_head& framing);

/// Joins a chunked body that arrives in pieces. Extensions and trailers are
/// dropped.
class chunk_decoder {
public:
  /// Takes what it can of `bytes`, removing it from the front, and appends
  /// content to `body`, never beyond `max_body` bytes.
  /// @returns 0, or the status to refuse the request with
  int feed(std::string_view& bytes, std::string& body, std::size_t max_body);

  bool done() const {
    return expects_ == part::nothing;
  }

private:
  enum class part : std::uint8_t {
    size,
    content,
    content_end,
    trailer,
    nothing
  };

  int feed_lines(std::string_view& bytes, std::size_t room);
  int take_line();
  int take_size();

  part expects_ = part::size;
  std::string line_;     // an incomplete line
  std::size_t left_ = 0; // content still to come of this chunk
  std::size_t trailer_size_ = 0;
};

} // namespace zhiku::http
