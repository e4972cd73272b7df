#pragma once
// Temporary media, kept for 3 days (PROTOCOL 6). Time is given. Not
// thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <string>
#include <variant>

namespace zhiku::sandbox {

class media_desk {
public:
  struct item {
    std::string type; ///< image, voice, video or thumb
    std::string content_type;
    std::string bytes;
    instant at{};
  };

  /// The media id, or the errcode: 40004 type, 40005 file, 40006 size, 41005
  /// nothing in it.
  std::variant<std::string, int> add(item what);

  /// Null when the id is unknown or older than 3 days.
  const item* find(const std::string& media_id, instant now) const;

private:
  std::map<std::string, item> items_;
};

} // namespace zhiku::sandbox
