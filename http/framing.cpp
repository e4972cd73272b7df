#include "http/framing.hpp"

#include "http/message.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace zhiku::http {

namespace {

constexpr auto npos = std::string_view::npos;

// The library reads lines up to this length, see head_stream in
// request_parser.cpp.
constexpr std::size_t max_line = 8000;
constexpr std::size_t max_chunk_line = 256;
constexpr std::size_t max_trailer = 4096;

/// Whether `name` is a token (RFC 9110 section 5.6.2).
bool is_token(std::string_view name) {
  const auto allowed = [](char c) {
    const bool alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
                              || (c >= 'a' && c <= 'z');
    return alphanumeric
           || (c != '\0'
               && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != npos);
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), allowed);
}

/// Whether the comma-separated `list` names `option`.
bool names(std::string_view list, std::string_view option) {
  while (!list.empty()) {
    const auto item = list.substr(0, list.find(','));
    if (equal_ignoring_case(trim_blanks(item), option))
      return true;
    list.remove_prefix(std::min(list.size(), item.size() + 1));
  }
  return false;
}

/// The number `digits` spell in `base`, when they are digits and nothing else.
std::optional<std::size_t> to_number(std::string_view digits, int base) {
  std::size_t value = 0;
  const auto* last = digits.data() + digits.size();
  const auto [end, error] = std::from_chars(digits.data(), last, value, base);
  if (digits.empty() || error != std::errc{} || end != last)
    return std::nullopt;
  return value;
}

/// Reads header lines one by one into a message_head.
class head_reader {
public:
  explicit head_reader(message_head& framing) : framing_(framing) {
    // nop
  }

  int request_line(std::string_view line) {
    if (line.size() > max_line)
      return 414;
    if (std::count(line.begin(), line.end(), ' ') != 2)
      return 400;
    const auto version = line.substr(line.rfind(' ') + 1);
    framing_.http_1_0 = version == "HTTP/1.0";
    framing_.keep_alive = !framing_.http_1_0;
    framing_.is_head = line.substr(0, line.find(' ')) == "HEAD";
    return framing_.http_1_0 || version == "HTTP/1.1" ? 0 : 400;
  }

  int field(std::string_view line) {
    const auto escapes = std::count(line.begin(), line.end(), '%');
    if (line.size() + 2 * static_cast<std::size_t>(escapes) > max_line)
      return 431;
    const auto colon = line.find(':');
    // A blank before the colon and a folded line fail as tokens too.
    if (colon == npos || !is_token(line.substr(0, colon)))
      return 400;
    return field(line.substr(0, colon), trim_blanks(line.substr(colon + 1)));
  }

  int finish() const {
    if (hosts_ > 1 || (hosts_ == 0 && !framing_.http_1_0))
      return 400;
    const bool two_lengths = has_length_ && framing_.chunked;
    return two_lengths || (framing_.chunked && framing_.http_1_0) ? 400 : 0;
  }

private:
  int field(std::string_view name, std::string_view value) {
    if (equal_ignoring_case(name, "Content-Length"))
      return content_length(value);
    if (equal_ignoring_case(name, "Transfer-Encoding"))
      return transfer_encoding(value);
    if (equal_ignoring_case(name, "Connection"))
      return connection(value);
    if (equal_ignoring_case(name, "Expect"))
      return expect(value);
    hosts_ += equal_ignoring_case(name, "Host") ? 1 : 0;
    return 0;
  }

  int content_length(std::string_view value) {
    const auto length = to_number(value, 10);
    if (!length || has_length_)
      return 400;
    has_length_ = true;
    framing_.content_length = *length;
    return 0;
  }

  int transfer_encoding(std::string_view value) {
    if (framing_.chunked)
      return 400;
    framing_.chunked = equal_ignoring_case(value, "chunked");
    return framing_.chunked ? 0 : 501;
  }

  int connection(std::string_view value) {
    if (names(value, "close"))
      closes_ = true;
    else if (names(value, "keep-alive"))
      framing_.keep_alive = true;
    framing_.keep_alive = framing_.keep_alive && !closes_;
    return 0;
  }

  int expect(std::string_view value) {
    if (!equal_ignoring_case(value, "100-continue"))
      return 417;
    framing_.expects_continue = !framing_.http_1_0;
    return 0;
  }

  message_head& framing_;
  int hosts_ = 0;
  bool has_length_ = false;
  bool closes_ = false;
};

/// Whether every line ends with CR LF and no NUL is hidden in one.
bool has_clean_lines(std::string_view head) {
  char former = '\0';
  for (const char c : head) {
    if (c == '\0' || (former == '\r') != (c == '\n'))
      return false;
    former = c;
  }
  return true;
}

} // namespace

std::size_t find_head_end(std::string_view bytes, std::size_t from) {
  const auto end = bytes.find("\r\n\r\n", from < 3 ? 0 : from - 3);
  return end == npos ? npos : end + 4;
}

int examine_head(std::string_view head, message_head& framing) {
  if (!has_clean_lines(head))
    return 400;
  head_reader reader{framing};
  head.remove_suffix(2);
  auto end = head.find("\r\n");
  int status = reader.request_line(head.substr(0, end));
  while (status == 0) {
    head.remove_prefix(end + 2);
    if (head.empty())
      return reader.finish();
    end = head.find("\r\n");
    status = reader.field(head.substr(0, end));
  }
  return status;
}

int chunk_decoder::feed(std::string_view& bytes, std::string& body,
                        std::size_t max_body) {
  while (!bytes.empty() && !done()) {
    if (expects_ == part::content) {
      const auto piece = bytes.substr(0, left_);
      body.append(piece);
      bytes.remove_prefix(piece.size());
      left_ -= piece.size();
      if (left_ == 0)
        expects_ = part::content_end;
    } else if (const auto status = feed_lines(bytes, max_body - body.size())) {
      return status;
    }
  }
  return 0;
}

int chunk_decoder::feed_lines(std::string_view& bytes, std::size_t room) {
  const auto end = bytes.find('\n');
  const auto piece = bytes.substr(0, end == npos ? npos : end + 1);
  line_.append(piece);
  bytes.remove_prefix(piece.size());
  const auto limit = expects_ == part::trailer ? max_trailer : max_chunk_line;
  if (line_.size() > limit)
    return 400;
  if (end == npos)
    return 0;
  if (!line_.ends_with("\r\n"))
    return 400;
  line_.resize(line_.size() - 2);
  const auto status = take_line();
  line_.clear();
  return status == 0 && left_ > room ? 413 : status;
}

int chunk_decoder::take_line() {
  switch (expects_) {
  case part::size:
    return take_size();
  case part::content_end:
    expects_ = part::size;
    return line_.empty() ? 0 : 400;
  default:
    trailer_size_ += line_.size();
    if (line_.empty())
      expects_ = part::nothing;
    return trailer_size_ > max_trailer ? 400 : 0;
  }
}

int chunk_decoder::take_size() {
  const auto digits = std::string_view{line_}.substr(0, line_.find(';'));
  const auto size = to_number(trim_blanks(digits), 16);
  if (!size)
    return 400;
  left_ = *size;
  expects_ = left_ == 0 ? part::trailer : part::content;
  return 0;
}

} // namespace zhiku::http
