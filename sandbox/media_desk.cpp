#include "sandbox/media_desk.hpp"

#include "base/random.hpp"

namespace zhiku::sandbox {

namespace {

constexpr std::chrono::days lifetime{3};
constexpr std::size_t mib = 1024 * 1024;
constexpr int invalid_type = 40004;
constexpr int invalid_file = 40005;
constexpr int invalid_size = 40006;
constexpr int nothing_in_it = 41005;

/// In bytes; 0: no such type.
std::size_t max_size_of(const std::string& type) {
  if (type == "image" || type == "video")
    return 10 * mib;
  if (type == "voice")
    return 2 * mib;
  return type == "thumb" ? 64 * 1024 : 0;
}

bool is_picture(const std::string& bytes) {
  return bytes.starts_with("\xff\xd8\xff") || bytes.starts_with("\x89PNG")
         || bytes.starts_with("GIF8") || bytes.starts_with("BM");
}

} // namespace

std::variant<std::string, int> media_desk::add(item what) {
  auto max_size = max_size_of(what.type);
  if (max_size == 0)
    return invalid_type;
  if (what.bytes.empty())
    return nothing_in_it;
  if (what.bytes.size() > max_size)
    return invalid_size;
  if (what.type == "image" && !is_picture(what.bytes))
    return invalid_file;
  auto media_id = new_token() + new_token().substr(0, 21);
  items_[media_id] = std::move(what);
  return media_id;
}

const media_desk::item* media_desk::find(const std::string& media_id,
                                         instant now) const {
  auto found = items_.find(media_id);
  return found == items_.end() || now - found->second.at >= lifetime
           ? nullptr
           : &found->second;
}

} // namespace zhiku::sandbox
