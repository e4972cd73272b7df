// Any bytes as what a client sends: a head is found and read the same however
// it arrives, and so is the chunked body that may follow it.

#include "http/framing.hpp"
#include "http/request_parser.hpp"
#include "tests/fuzz/target.hpp"

#include <string>

namespace {

using namespace zhiku;
using namespace zhiku::http;

constexpr std::size_t max_body = 4096;

struct decoded {
  int status = 0;
  bool done = false;
  std::string body;
  std::size_t left = 0; ///< bytes that belong to the next request

  bool operator==(const decoded&) const = default;
};

decoded decode(std::string_view bytes, std::size_t piece) {
  decoded out;
  chunk_decoder decoder;
  while (!bytes.empty() && !decoder.done() && out.status == 0) {
    auto part = bytes.substr(0, piece);
    auto before = part.size();
    out.status = decoder.feed(part, out.body, max_body);
    if (out.status != 0)
      break;
    fuzz::require(part.empty() || decoder.done());
    bytes.remove_prefix(before - part.size());
  }
  fuzz::require(out.body.size() <= max_body);
  out.done = decoder.done();
  out.left = out.status == 0 ? bytes.size() : 0;
  return out;
}

void decode_in_pieces(std::string_view bytes) {
  auto whole = decode(bytes, bytes.size());
  for (std::size_t piece : {1, 7}) {
    auto parts = decode(bytes, piece);
    fuzz::require(parts.status == whole.status && parts.done == whole.done);
    // What a refused body held so far is nobody's business.
    fuzz::require(whole.status != 0 || parts == whole);
  }
}

void read_head(std::string_view head) {
  static const request_parser parser;
  message_head framing;
  if (examine_head(head, framing) != 0)
    return;
  fuzz::require(!framing.chunked || framing.content_length == 0);
  auto made = parser.parse(head);
  if (!made)
    return;
  fuzz::require(!made->method.empty());
  for (const auto& [name, value] : made->headers)
    fuzz::require(value.find_first_of("\r\n") == std::string::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  auto end = find_head_end(bytes, 0);
  auto middle = find_head_end(bytes.substr(0, size / 2), 0);
  fuzz::require(middle == std::string_view::npos
                  ? find_head_end(bytes, size / 2) == end
                  : middle == end);
  if (end == std::string_view::npos)
    return 0;
  read_head(bytes.substr(0, end));
  decode_in_pieces(bytes.substr(end));
  return 0;
}
