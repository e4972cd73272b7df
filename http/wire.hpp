#pragma once
// An answer as the bytes of HTTP/1.1. Private to the server; thread-safe.

#include "http/message.hpp"

#include <string>

namespace zhiku::http {

/// What an answer's form owes to its request and its connection.
struct wire_form {
  std::string request_id;
  bool head_only = false; ///< answers a HEAD: length, but no body
  bool http_1_0 = false;
  bool keep_alive = true;
};

/// Head and body in one piece, for one write.
std::string to_wire(const response& answer, const wire_form& form);

} // namespace zhiku::http
