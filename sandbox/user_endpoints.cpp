#include "sandbox/platform.hpp"

#include <algorithm>
#include <charconv>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::size_t max_batch = 100;

void add_entrance(json& to, const std::optional<entrance>& by) {
  to["subscribe_scene"] = by ? "ADD_SCENE_QR_CODE" : "ADD_SCENE_SEARCH";
  to["qr_scene"] = 0;
  to["qr_scene_str"] = "";
  if (!by)
    return;
  if (by->scene_is_id) {
    std::int64_t number = 0;
    std::from_chars(by->scene.data(), by->scene.data() + by->scene.size(),
                    number);
    to["qr_scene"] = number;
  } else {
    to["qr_scene_str"] = by->scene;
  }
}

json describe(const world& in, const follower& who) {
  json out = {{"subscribe", who.subscribed ? 1 : 0}, {"openid", who.openid}};
  if (in.chosen.bound)
    out["unionid"] = unionid_of(who.openid);
  if (!who.subscribed)
    return out;
  out["nickname"] = "";
  out["sex"] = 0;
  out["city"] = "";
  out["province"] = "";
  out["country"] = "";
  out["headimgurl"] = "";
  out["language"] = "";
  out["subscribe_time"] = unix_seconds(who.subscribed_at);
  out["remark"] = "";
  out["groupid"] = 0;
  out["tagid_list"] = json::array();
  add_entrance(out, who.came_by);
  return out;
}

const follower& known(const world& in, const std::string& openid) {
  const auto* who = in.followers.find(openid);
  if (who == nullptr)
    throw refusal{40003};
  return *who;
}

json info(call& on) {
  if (on.parameter("openid").empty())
    throw refusal{41009};
  return describe(on.in, known(on.in, on.parameter("openid")));
}

json info_of_many(call& on) {
  auto wanted = on.body.value("user_list", json::array());
  if (wanted.empty() || wanted.size() > max_batch)
    throw refusal{40097};
  json out = json::array();
  for (const auto& each : wanted)
    out.push_back(
      describe(on.in, known(on.in, each.at("openid").get<std::string>())));
  return {{"user_info_list", out}};
}

/// Where the page after `openid` begins; throws 40003 when nobody has it.
std::size_t place_after(const std::vector<std::string>& all,
                        const std::string& openid) {
  if (openid.empty())
    return 0;
  auto found = std::find(all.begin(), all.end(), openid);
  if (found == all.end())
    throw refusal{40003};
  return static_cast<std::size_t>(found - all.begin()) + 1;
}

json list(call& on) {
  std::vector<std::string> all;
  for (const auto* who : on.in.followers.all())
    if (who->subscribed)
      all.push_back(who->openid);
  auto from = place_after(all, on.parameter("next_openid"));
  auto count = std::min(all.size() - from, on.in.chosen.user_page);
  json out = {{"total", all.size()}, {"count", count}, {"next_openid", ""}};
  if (count == 0)
    return out;
  auto begin = all.begin() + static_cast<std::ptrdiff_t>(from);
  std::vector<std::string> page(begin,
                                begin + static_cast<std::ptrdiff_t>(count));
  out["next_openid"] = page.back();
  out["data"] = {{"openid", std::move(page)}};
  return out;
}

} // namespace

std::vector<endpoint> user_endpoints() {
  return {
    {"/cgi-bin/user/info", "user_info", method::get, access::with_token, info},
    {"/cgi-bin/user/info/batchget", "user_info_batch", method::post_json,
     access::with_token, info_of_many},
    {"/cgi-bin/user/get", "user_list", method::get, access::with_token, list},
  };
}

} // namespace zhiku::sandbox
