#include "sandbox/follower_book.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

#include <algorithm>

namespace zhiku::sandbox {

namespace {

constexpr std::size_t openid_size = 28;
constexpr std::size_t max_chat = 500;

/// An id of the platform's form that always follows from the same text.
std::string derived_id(const std::string& text) {
  return 'o' + to_base64url(sha256(text)).substr(0, openid_size - 1);
}

} // namespace

follower& follower_book::add(std::string nickname, std::string openid) {
  if (openid.empty())
    openid = 'o' + new_token().substr(0, openid_size - 1);
  auto [it, added] = followers_.try_emplace(openid);
  if (added) {
    it->second.openid = openid;
    it->second.nickname = std::move(nickname);
    it->second.number = followers_.size();
  }
  return it->second;
}

follower* follower_book::find(const std::string& openid) {
  auto found = followers_.find(openid);
  return found == followers_.end() ? nullptr : &found->second;
}

const follower* follower_book::find(const std::string& openid) const {
  auto found = followers_.find(openid);
  return found == followers_.end() ? nullptr : &found->second;
}

std::vector<const follower*> follower_book::all() const {
  std::vector<const follower*> out;
  for (const auto& [openid, who] : followers_)
    out.push_back(&who);
  std::sort(out.begin(), out.end(),
            [](const auto* a, const auto* b) { return a->number < b->number; });
  return out;
}

std::string openid_at(const std::string& app_id, const std::string& openid) {
  return derived_id("openid\n" + app_id + '\n' + openid);
}

std::string unionid_of(const std::string& openid) {
  return derived_id("unionid\n" + openid);
}

std::string virtual_openid_of(const std::string& openid) {
  return derived_id("virtual\n" + openid);
}

std::string virtual_unionid() {
  return derived_id("virtual unionid");
}

void note(follower& whose, instant at, nlohmann::json line) {
  line["at"] = unix_seconds(at);
  whose.chat.push_back(std::move(line));
  if (whose.chat.size() > max_chat)
    whose.chat.erase(whose.chat.begin());
}

} // namespace zhiku::sandbox
