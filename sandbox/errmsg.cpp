#include "sandbox/errmsg.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"

#include <array>
#include <cstdio>
#include <unordered_map>

namespace zhiku::sandbox {

std::string errmsg_of(int errcode) {
  static const std::unordered_map<int, const char*> words = {
    {-1, "system error"},
    {0, "ok"},
    {40001, "invalid credential, access_token is invalid or not latest,"},
    {40002, "invalid grant_type"},
    {40003, "invalid openid"},
    {40004, "invalid media type"},
    {40005, "invalid file type"},
    {40006, "invalid media size"},
    {40007, "invalid media_id"},
    {40013, "invalid appid"},
    {40014, "invalid access_token"},
    {40029, "invalid code"},
    {40030, "invalid refresh_token"},
    {40036, "invalid template_id size"},
    {40037, "invalid template_id"},
    {40053, "invalid action info"},
    {40066, "invalid url"},
    {40097, "invalid args"},
    {40102, "invalid industry id"},
    {40125, "invalid appsecret"},
    {40163, "code been used"},
    {40243, "appsecret frozen"},
    {41001, "access_token missing"},
    {41002, "appid missing"},
    {41004, "appsecret missing"},
    {41005, "media data missing"},
    {41006, "media_id missing"},
    {41008, "missing code"},
    {41009, "missing openid"},
    {42001, "access_token expired"},
    {42002, "refresh_token expired"},
    {42003, "code expired"},
    {42007, "access_token and refresh_token exception"},
    {43001, "require GET method"},
    {43002, "require POST method"},
    {43004, "require subscribe"},
    {43019, "require remove blacklist"},
    {43101, "user refuse to accept the msg"},
    {43107, "ability has been banned"},
    {43108, "concurrent sending to the same user"},
    {43116, "This template_id is banned"},
    {43117, "too many messages to this user"},
    {44002, "empty post data"},
    {45002, "content size out of limit"},
    {45003, "title size out of limit"},
    {45009, "reach max api daily quota limit"},
    {45011, "api minute-quota reach limit, must slower, retry next minute"},
    {45015, "response out of time limit or subscription is canceled"},
    {45026, "template num exceeds limit"},
    {45029, "qrcode count out of limit"},
    {45047, "out of response count limit"},
    {46003, "menu no exist"},
    {46004, "user not exist"},
    {47001, "data format error"},
    {47003, "argument invalid!"},
    {48001, "api unauthorized"},
    {48002, "user block receive message"},
    {48004, "api forbidden for irregularities"},
    {48006, "forbid to clear quota because of reaching the limit"},
    {50001, "api unauthorized"},
    {50002, "user limited"},
    {50004, "forbid to use old access_token"},
    {50005, "user is unsubscribed"},
    {50007, "account frozen"},
    {61004, "access clientip is not registered"},
    {61007, "api is unauthorized to component"},
    {76001, "rid not found"},
    {76021, "cgi_path not found, please check"},
    {89501, "request is in confirmation"},
    {89503, "not in whitelist, waiting for confirmation"},
    {89506, "refused by the administrator, retry after 24 hours"},
    {89507, "refused by the administrator, retry after 1 hour"},
  };
  auto found = words.find(errcode);
  return found == words.end() ? "unknown error" : found->second;
}

std::string new_rid(instant now) {
  std::array<char, 9> time{};
  std::snprintf(time.data(), time.size(), "%08llx",
                static_cast<unsigned long long>(unix_seconds(now)));
  return std::string{time.data()} + '-' + to_hex(random_bytes(4)) + '-'
         + to_hex(random_bytes(4));
}

} // namespace zhiku::sandbox
