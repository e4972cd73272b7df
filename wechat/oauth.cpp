#include "wechat/oauth.hpp"

#include "base/encoding.hpp"

#include <algorithm>

namespace zhiku::wechat {

namespace {

std::string address(std::string_view open_base, std::string_view path,
                    std::string_view app_id, std::string_view redirect_uri,
                    std::string_view scope, std::string_view state) {
  std::string url{open_base};
  url += path;
  url += "?appid=";
  url += percent_encode(app_id);
  url += "&redirect_uri=";
  url += percent_encode(redirect_uri);
  url += "&response_type=code&scope=";
  url += percent_encode(scope);
  url += "&state=";
  url += percent_encode(state);
  url += "#wechat_redirect";
  return url;
}

} // namespace

bool is_carried_state(std::string_view state) {
  auto carried = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
           || (c >= 'a' && c <= 'z');
  };
  return !state.empty() && state.size() <= 128
         && std::all_of(state.begin(), state.end(), carried);
}

std::string authorize_url(std::string_view open_base, std::string_view app_id,
                          std::string_view redirect_uri, std::string_view scope,
                          std::string_view state) {
  return address(open_base, "/connect/oauth2/authorize", app_id, redirect_uri,
                 scope, state);
}

std::string qrconnect_url(std::string_view open_base, std::string_view app_id,
                          std::string_view redirect_uri,
                          std::string_view state) {
  return address(open_base, "/connect/qrconnect", app_id, redirect_uri,
                 scope_login, state);
}

} // namespace zhiku::wechat
