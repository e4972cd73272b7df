#include "sandbox/login_desk.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace zhiku::sandbox {

namespace {

constexpr std::chrono::minutes qr_lifetime{5};

} // namespace

std::string login_desk::open(std::string redirect_uri, std::string state_text,
                             instant now) {
  auto id = to_hex(random_bytes(8));
  logins_[id] = {std::move(redirect_uri),
                 std::move(state_text),
                 state::waiting,
                 {},
                 now + qr_lifetime};
  return id;
}

login_desk::login* login_desk::find(const std::string& id, instant now) {
  auto found = logins_.find(id);
  return found == logins_.end() || now >= found->second.expires_at
           ? nullptr
           : &found->second;
}

std::vector<std::pair<std::string, login_desk::login>>
login_desk::waiting(instant now) const {
  std::vector<std::pair<std::string, login>> out;
  for (const auto& [id, each] : logins_)
    if (each.now == state::waiting && now < each.expires_at)
      out.emplace_back(id, each);
  return out;
}

} // namespace zhiku::sandbox
