#pragma once
// The followers and what stands in their chats. Not thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

struct follower {
  std::string openid;
  std::string nickname;
  std::size_t number = 0; ///< in the order they were added
  bool subscribed = false;
  instant subscribed_at{};
  /// Oldest first: `{kind: template|reply|error|sent|event, at, …}`.
  std::vector<nlohmann::json> chat;
};

class follower_book {
public:
  /// @param openid  empty: a new one is made. A known one is kept as it is.
  follower& add(std::string nickname, std::string openid);

  /// Null when nobody has this openid. Stays valid.
  follower* find(const std::string& openid);

  /// Everybody, in the order they were added.
  std::vector<const follower*> all() const;

private:
  std::map<std::string, follower> followers_;
};

/// Adds to the chat, dated; the oldest lines go when it grows too long.
void note(follower& whose, instant at, nlohmann::json line);

} // namespace zhiku::sandbox
