#pragma once
// cpp-httplib as the parser of request heads. Private to the server. The one
// place with contact to the library, whose signatures change between versions.

#include "http/message.hpp"

#include <memory>
#include <optional>
#include <string_view>

namespace zhiku::http {

class request_parser {
public:
  request_parser();
  ~request_parser();

  /// The request with this head, without id, body and address; nothing when
  /// the library refuses it. Thread-safe.
  /// @pre `examine_head` accepted `head`
  std::optional<request> parse(std::string_view head) const;

private:
  class library;
  std::unique_ptr<library> library_;
};

} // namespace zhiku::http
