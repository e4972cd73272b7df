#pragma once
// The followers and what stands in their chats. Not thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// The QR code by which somebody came to follow.
struct entrance {
  std::string scene;
  bool scene_is_id = false;
};

struct follower {
  std::string openid;
  std::string nickname;
  std::size_t number = 0; ///< in the order they were added
  bool subscribed = false;
  instant subscribed_at{};
  std::optional<entrance> came_by;
  /// When the person last spoke, tapped, scanned or followed.
  std::optional<instant> contact_at;
  /// Oldest first: `{kind: template|reply|error|sent|event, at, …}`.
  std::vector<nlohmann::json> chat;
};

class follower_book {
public:
  /// @param openid  empty: a new one is made. A known one is kept as it is.
  follower& add(std::string nickname, std::string openid);

  /// Null when nobody has this openid. Stays valid.
  follower* find(const std::string& openid);
  const follower* find(const std::string& openid) const;

  /// Everybody, in the order they were added.
  std::vector<const follower*> all() const;

private:
  std::map<std::string, follower> followers_;
};

/// The openid that another application sees of the same person.
std::string openid_at(const std::string& app_id, const std::string& openid);

/// What all applications of one open platform account see of the person.
std::string unionid_of(const std::string& openid);

/// What a snapshot user has in place of an openid and a unionid.
std::string virtual_openid_of(const std::string& openid);
std::string virtual_unionid();

/// Adds to the chat, dated; the oldest lines go when it grows too long.
void note(follower& whose, instant at, nlohmann::json line);

} // namespace zhiku::sandbox
