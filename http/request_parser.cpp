#include "http/request_parser.hpp"

#include <httplib.h>

namespace zhiku::http {

namespace {

/// Feeds the library one head and swallows what it would answer.
class head_stream final : public httplib::Stream {
public:
  explicit head_stream(std::string_view head)
      : head_(head), fields_at_(head.find('\n')) {
    // nop
  }

  bool is_readable() const override {
    return true;
  }
  bool is_writable() const override {
    return true;
  }

  ssize_t read(char* to, size_t size) override {
    size_t count = 0;
    while (count < size && at_ < head_.size())
      to[count++] = next();
    return static_cast<ssize_t>(count);
  }

  ssize_t write(const char*, size_t size) override {
    return static_cast<ssize_t>(size);
  }

  void get_remote_ip_and_port(std::string&, int&) const override {
    // nop
  }
  void get_local_ip_and_port(std::string&, int&) const override {
    // nop
  }

  // With a real descriptor the library would refuse those beyond FD_SETSIZE.
  socket_t socket() const override {
    return INVALID_SOCKET;
  }

private:
  // The library percent-decodes header values, which would corrupt cookies and
  // let a line break in; a doubled escape keeps them as they came.
  char next() {
    constexpr std::string_view escape = "25";
    if (escaped_ < escape.size())
      return escape[escaped_++];
    const char c = head_[at_++];
    if (c == '%' && at_ > fields_at_)
      escaped_ = 0;
    return c;
  }

  std::string_view head_;
  std::size_t fields_at_;
  std::size_t at_ = 0;
  std::size_t escaped_ = 2;
};

/// Where the line of the first Range header stands; empty when there is none.
std::string_view find_range_line(std::string_view head) {
  constexpr std::string_view name = "Range:";
  for (auto end = head.find('\n'); end != std::string_view::npos;
       end = head.find('\n', end + 1)) {
    const auto line = head.substr(end + 1);
    if (equal_ignoring_case(line.substr(0, name.size()), name))
      return line.substr(0, line.find('\n') + 1);
  }
  return {};
}

request to_request(httplib::Request& parsed) {
  request made;
  made.method = std::move(parsed.method);
  made.path = std::move(parsed.path);
  made.target = std::move(parsed.target);
  // Its own reading of the query drops equal pairs and cuts values at `=`.
  if (const auto at = made.target.find('?'); at != std::string::npos)
    made.query = parse_query(std::string_view{made.target}.substr(at + 1));
  for (const auto* invented :
       {"REMOTE_ADDR", "REMOTE_PORT", "LOCAL_ADDR", "LOCAL_PORT"})
    parsed.headers.erase(invented);
  made.headers.merge(parsed.headers);
  return made;
}

} // namespace

class request_parser::library : public httplib::Server {
public:
  library() {
    set_pre_routing_handler(
      [](const auto&, auto&) { return HandlerResponse::Handled; });
  }

  std::optional<request> parse_plain(std::string_view head) {
    head_stream stream{head};
    std::optional<request> made;
    bool closed = false;
    process_request(stream, true, closed, [&](httplib::Request& parsed) {
      made = to_request(parsed);
    });
    return made;
  }
};

request_parser::request_parser() : library_(std::make_unique<library>()) {
  // nop
}

request_parser::~request_parser() = default;

// The library matches Range with a recursive regular expression, which a long
// value turns into a stack overflow: it never sees that header.
std::optional<request> request_parser::parse(std::string_view head) const {
  std::string shortened;
  std::vector<std::string> ranges;
  for (auto rest = head; !rest.empty();) {
    const auto range = find_range_line(rest);
    const auto before =
      range.empty() ? rest.size()
                    : static_cast<std::size_t>(range.data() - rest.data());
    if (range.empty() && ranges.empty())
      return library_->parse_plain(head);
    shortened += rest.substr(0, before);
    rest.remove_prefix(before);
    if (range.empty())
      continue;
    ranges.emplace_back(trim_blanks(range.substr(range.find(':') + 1)));
    // The line feed before the next line has to stay to be found.
    rest.remove_prefix(range.size() - 1);
    shortened.pop_back();
  }
  auto made = library_->parse_plain(shortened);
  if (made)
    for (auto& value : ranges)
      made->headers.emplace("Range", std::move(value));
  return made;
}

} // namespace zhiku::http
