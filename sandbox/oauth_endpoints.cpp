#include "sandbox/platform.hpp"

#include "wechat/oauth.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

template <class T>
T value_or_refuse(oauth_desk::outcome<T> outcome) {
  if (auto* errcode = std::get_if<int>(&outcome))
    throw refusal{*errcode};
  return std::get<T>(std::move(outcome));
}

/// The service account or the website application; its secret must fit.
void check_either_application(const call& on) {
  if (on.parameter("appid") != on.in.how.web_app_id)
    check_application(on.in, on.parameter("appid"), on.parameter("secret"));
  else if (on.parameter("secret") != on.in.how.web_app_secret)
    throw refusal{40125};
}

/// Whether the application learns the unionid: a website always does.
bool tells_unionid(const world& in, const oauth_desk::grant& to) {
  return to.app_id == in.how.web_app_id
         || (in.chosen.bound && to.scope == wechat::scope_userinfo);
}

std::string unionid_for(const oauth_desk::grant& to) {
  return to.snapshot ? virtual_unionid() : unionid_of(to.person);
}

json to_json(const world& in, const oauth_desk::tokens& issued) {
  json out = {{"access_token", issued.access_token},
              {"expires_in", issued.expires_in.count()},
              {"refresh_token", issued.refresh_token},
              {"openid", issued.what.openid},
              {"scope", issued.what.scope}};
  if (tells_unionid(in, issued.what))
    out["unionid"] = unionid_for(issued.what);
  return out;
}

json exchange_code(call& on) {
  check_either_application(on);
  if (on.parameter("grant_type") != "authorization_code")
    throw refusal{40002};
  if (on.parameter("code").empty())
    throw refusal{41008};
  auto grant = value_or_refuse(
    on.in.oauth.redeem(on.parameter("appid"), on.parameter("code"), on.now));
  if (on.wrong.visitor == snapshot::virtual_openid) {
    grant.snapshot = true;
    grant.openid = virtual_openid_of(grant.person);
  }
  auto out = to_json(on.in, on.in.oauth.issue_tokens(grant, on.now));
  if (grant.snapshot || on.wrong.visitor == snapshot::known_openid)
    out["is_snapshotuser"] = 1;
  return out;
}

json refresh(call& on) {
  auto app_id = on.parameter("appid");
  if (app_id != on.in.how.app_id && app_id != on.in.how.web_app_id)
    throw refusal{40013};
  if (on.parameter("grant_type") != "refresh_token")
    throw refusal{40002};
  return to_json(on.in, value_or_refuse(on.in.oauth.refresh(
                          app_id, on.parameter("refresh_token"), on.now)));
}

/// Whom token and openid are for, together.
oauth_desk::grant grant_of(const call& on) {
  if (on.parameter("access_token").empty())
    throw refusal{41001};
  auto grant =
    value_or_refuse(on.in.oauth.check(on.parameter("access_token"), on.now));
  if (on.parameter("openid") != grant.openid)
    throw refusal{40003};
  return grant;
}

json userinfo(call& on) {
  auto grant = grant_of(on);
  if (grant.scope == wechat::scope_base)
    throw refusal{48001};
  auto* who = on.in.followers.find(grant.person);
  json out = {
    {"openid", grant.openid},
    {"nickname", who == nullptr || grant.snapshot ? "微信用户" : who->nickname},
    {"sex", 0},
    {"language", ""},
    {"city", ""},
    {"province", ""},
    {"country", ""},
    {"headimgurl", on.in.url("/mmopen/" + grant.openid + "/132")},
    {"privilege", json::array()}};
  if (tells_unionid(on.in, grant))
    out["unionid"] = unionid_for(grant);
  return out;
}

json check(call& on) {
  grant_of(on);
  return ok();
}

} // namespace

std::vector<endpoint> oauth_endpoints() {
  return {
    {"/sns/oauth2/access_token", "oauth", method::get, access::open,
     exchange_code},
    {"/sns/oauth2/refresh_token", "oauth_refresh", method::get, access::open,
     refresh},
    {"/sns/userinfo", "oauth_userinfo", method::get, access::open, userinfo},
    {"/sns/auth", "oauth_check", method::get, access::open, check},
  };
}

} // namespace zhiku::sandbox
