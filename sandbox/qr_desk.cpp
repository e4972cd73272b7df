#include "sandbox/qr_desk.hpp"

#include "base/random.hpp"

#include <limits>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr int invalid_action = 40053;
constexpr int too_many = 45029;
constexpr std::int64_t default_seconds = 60;
constexpr std::int64_t max_seconds = 2'592'000;
constexpr std::size_t max_scene_bytes = 64;
constexpr std::int64_t max_permanent_id = 100'000;
constexpr std::size_t max_permanent = 100'000;

struct action {
  bool permanent;
  bool by_id;
};

std::optional<action> action_named(const std::string& name) {
  if (name == "QR_SCENE")
    return action{false, true};
  if (name == "QR_STR_SCENE")
    return action{false, false};
  if (name == "QR_LIMIT_SCENE")
    return action{true, true};
  if (name == "QR_LIMIT_STR_SCENE")
    return action{true, false};
  return std::nullopt;
}

/// The scene as text; nothing when it breaks the rules of its kind.
std::optional<std::string> scene_in(const json& scene, action of) {
  auto key = of.by_id ? "scene_id" : "scene_str";
  if (!scene.is_object() || !scene.contains(key))
    return std::nullopt;
  const auto& value = scene.at(key);
  if (!of.by_id) {
    auto text = value.is_string() ? value.get<std::string>() : std::string{};
    return text.empty() || text.size() > max_scene_bytes
             ? std::nullopt
             : std::optional{std::move(text)};
  }
  auto max =
    of.permanent ? max_permanent_id : std::numeric_limits<std::uint32_t>::max();
  if (!value.is_number_integer() || value < 1 || value > max)
    return std::nullopt;
  return std::to_string(value.get<std::int64_t>());
}

bool is_live(const qr_desk::code& code, instant now) {
  return !code.expires_at || now < *code.expires_at;
}

} // namespace

std::variant<qr_desk::code, int> qr_desk::create(const json& order,
                                                 instant now) {
  auto wanted = action_named(order.value("action_name", std::string{}));
  if (!wanted)
    return invalid_action;
  auto info = order.value("action_info", json::object());
  auto scene = scene_in(info.value("scene", json{}), *wanted);
  auto seconds = order.value("expire_seconds", default_seconds);
  if (!scene || seconds < 1 || seconds > max_seconds)
    return invalid_action;
  if (wanted->permanent && ++permanent_ > max_permanent)
    return too_many;
  code made{"gQ" + new_token() + new_token(), *scene, wanted->by_id, {}};
  if (!wanted->permanent)
    made.expires_at = now + std::chrono::seconds{seconds};
  order_.push_back(made.ticket);
  codes_[made.ticket] = made;
  return made;
}

const qr_desk::code* qr_desk::by_ticket(const std::string& ticket,
                                        instant now) const {
  auto found = codes_.find(ticket);
  return found != codes_.end() && is_live(found->second, now) ? &found->second
                                                              : nullptr;
}

const qr_desk::code* qr_desk::by_scene(const std::string& scene,
                                       instant now) const {
  for (auto it = order_.rbegin(); it != order_.rend(); ++it)
    if (const auto* each = by_ticket(*it, now);
        each != nullptr && each->scene == scene)
      return each;
  return nullptr;
}

std::vector<qr_desk::code> qr_desk::live(instant now) const {
  std::vector<code> out;
  for (auto it = order_.rbegin(); it != order_.rend(); ++it)
    if (const auto* each = by_ticket(*it, now))
      out.push_back(*each);
  return out;
}

} // namespace zhiku::sandbox
