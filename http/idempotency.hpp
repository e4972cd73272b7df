#pragma once
// Repeats of a write (edge 2): header `Idempotency-Key`.

#include "domain/entity.hpp"

#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace zhiku::http {

/// The command id for a key of one asker: hex of SHA-256, so that nobody meets
/// another's answers. The operation is no part of it: a key stands for one
/// request, and what else comes with it is refused (draft-ietf-httpapi-
/// idempotency-key-header, 2.7). "" without a key: the write is then not
/// remembered. `invalid_input` for a key that is not 1 to 64 visible ASCII
/// characters.
domain::result<std::string> command_id_of(std::string_view key,
                                          std::string_view owner);

/// Digest of what the owner asks for: `operation` is method and path, `body`
/// the content as sent, member order and white space left aside. Unkeyed, and
/// so never to be stored as it is.
std::string request_digest(std::string_view owner, std::string_view operation,
                           const domain::json& body);

/// The command ids whose requests are under way on this node. Thread-safe.
class requests_in_progress {
public:
  /// False when that id is under way already.
  bool enter(const std::string& command_id);
  void leave(const std::string& command_id);

private:
  std::mutex mutex_;
  std::unordered_set<std::string> ids_;
};

} // namespace zhiku::http
