#include "sandbox/authorize.hpp"

#include "sms/url.hpp"
#include "wechat/oauth.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace zhiku::sandbox {

namespace {

constexpr std::string_view scope_login = "snsapi_login";

/// The query's parameters in the order they stand.
std::vector<std::string> names_in_order(const std::string& target) {
  std::vector<std::string> out;
  auto at = target.find('?');
  while (at != std::string::npos) {
    auto from = at + 1;
    at = target.find('&', from);
    auto pair = target.substr(from, at == std::string::npos ? at : at - from);
    out.push_back(pair.substr(0, pair.find('=')));
  }
  return out;
}

bool is_in_order(const httplib::Request& request) {
  static constexpr std::array<std::string_view, 5> order = {
    "appid", "redirect_uri", "response_type", "scope", "state"};
  auto names = names_in_order(request.target);
  return names.size() >= order.size()
         && std::equal(order.begin(), order.end(), names.begin());
}

bool is_at(const std::string& uri, const std::string& domain) {
  auto host = sms::split_url(uri).host;
  return domain.empty() || host == domain
         || host.substr(0, host.find(':')) == domain;
}

std::string common_problem(const httplib::Request& request,
                           const std::string& app_id,
                           const std::string& domain) {
  if (request.get_param_value("appid") != app_id)
    return "appid 参数错误 (10012)";
  auto uri = request.get_param_value("redirect_uri");
  if (!uri.starts_with("http://") && !uri.starts_with("https://"))
    return "redirect_uri 参数错误 (10011)";
  if (!is_at(uri, domain))
    return "redirect_uri 域名与后台配置不一致 (10003)";
  return {};
}

} // namespace

std::string authorize_problem(const httplib::Request& request,
                              const settings& how, const std::string& domain) {
  if (!is_in_order(request))
    return "参数缺失或次序错误";
  if (auto problem = common_problem(request, how.app_id, domain);
      !problem.empty())
    return problem;
  auto scope = request.get_param_value("scope");
  if (request.get_param_value("response_type") != "code"
      || (scope != wechat::scope_base && scope != wechat::scope_userinfo))
    return "scope 参数错误 (10010)";
  if (!wechat::is_carried_state(request.get_param_value("state")))
    return "state 参数错误 (10013)";
  return {};
}

std::string qrconnect_problem(const httplib::Request& request,
                              const settings& how) {
  if (auto problem = common_problem(request, how.web_app_id, {});
      !problem.empty())
    return problem;
  return request.get_param_value("scope") == scope_login
             && request.get_param_value("response_type") == "code"
           ? ""
           : "scope 参数错误 (10010)";
}

std::string with_query(std::string uri, const std::string& query) {
  uri += uri.find('?') == std::string::npos ? '?' : '&';
  return uri + query;
}

} // namespace zhiku::sandbox
