#include "app/wiring.hpp"

namespace zhiku::app {

persistence::key_ring key_ring_of(const config::settings& how) {
  return {how.keys.wrapping, how.keys.current, how.keys.lookup};
}

wechat::account account_of(const config::settings& how) {
  return {how.wechat.app_id, how.wechat.app_secret, how.wechat.api_base,
          how.wechat.open_base, how.wechat.mp_base};
}

wechat::callback_settings callback_of(const config::settings& how) {
  auto mode = wechat::push_mode::plain;
  if (how.wechat.mode == config::message_mode::safe)
    mode = wechat::push_mode::safe;
  else if (how.wechat.mode == config::message_mode::compatible)
    mode = wechat::push_mode::compatible;
  return {how.wechat.app_id,
          how.wechat.token,
          mode,
          how.wechat.encoding_aes_key,
          how.wechat.previous_encoding_aes_key,
          how.wechat.max_skew};
}

namespace {

sms::settings carrier_of(const config::sms_settings& how) {
  sms::settings carrier;
  carrier.by = how.carrier == config::sms_carrier::aliyun
                 ? sms::provider::aliyun
                 : sms::provider::tencent;
  carrier.base_url = how.base_url;
  carrier.secret_id = how.secret_id;
  carrier.secret_key = how.secret_key;
  carrier.app_id = how.app_id;
  carrier.sign_name = how.sign_name;
  carrier.templates = how.templates;
  return carrier;
}

std::vector<sms::settings> carriers_of(const config::settings& how) {
  std::vector<sms::settings> all{carrier_of(how.sms)};
  if (how.sms_second.secret_id.empty())
    return all;
  all.push_back(carrier_of(how.sms_second));
  for (auto& one : all)
    one.name = sms::name_of(one.by);
  if (all[0].name == all[1].name)
    all[1].name += "-second";
  return all;
}

actors::notice_rules notices_of(const config::settings& how) {
  actors::notice_rules made;
  made.kinds = how.notifications.kinds;
  made.within = how.notifications.within;
  made.templates = how.notifications.templates;
  made.subscriptions = how.notifications.subscriptions;
  for (const auto* carrier : {&how.sms, &how.sms_second})
    for (const auto& [event, id] : carrier->templates)
      made.sms_templates.insert(event);
  made.public_base_url = how.http.public_base_url;
  made.sms_code_ttl = how.policy.sms_ttl;
  return made;
}

std::map<std::string, std::int64_t> quotas_of(const config::settings& how) {
  std::map<std::string, std::int64_t> all{
    {"/cgi-bin/message/template/send", 100'000}};
  for (const auto& [api, calls] : how.wechat.quotas)
    all[api] = std::stoll(calls);
  return all;
}

} // namespace

actors::system_settings system_of(const config::settings& how) {
  actors::system_settings made;
  made.dsn = how.database.dsn;
  made.writers = how.database.writers;
  made.loaders = 2;
  made.max_in_flight = static_cast<std::size_t>(how.http.max_in_flight);
  made.max_batch = static_cast<std::size_t>(how.journal.max_batch);
  made.snapshot_every = how.journal.snapshot_every;
  made.idle = how.entities.idle;
  made.max_resident = static_cast<std::size_t>(how.entities.max_resident);
  made.policy = how.policy;
  made.account = account_of(how);
  made.carriers = carriers_of(how);
  made.notices = notices_of(how);
  made.quotas = quotas_of(how);
  made.keep_callback_sources =
    how.wechat.source_check != config::source_policy::off;
  return made;
}

ip_ranges proxies_of(const config::http_settings& how) {
  if (how.trusted_proxies == "none")
    return {};
  return ip_ranges::of(config::list_of(how.trusted_proxies)).ranges;
}

http::api_settings api_of(const config::settings& how) {
  http::api_settings made;
  made.public_base_url = how.http.public_base_url;
  made.wechat_app_id = how.wechat.app_id;
  made.wechat_open_base = how.wechat.open_base;
  made.secure_cookies = how.http.secure_cookies;
  made.wechat_browser_only = how.wechat.browser_only;
  made.trusted_proxies = proxies_of(how.http);
  made.internal_token = how.http.internal_token;
  made.internal_is_open = how.runtime.development;
  made.sessions.idle = how.session.idle;
  made.sessions.absolute = how.session.absolute;
  made.rules = how.policy;
  made.root_files = {how.wechat.site_files.begin(),
                     how.wechat.site_files.end()};
  made.refuse_foreign_pushes =
    how.wechat.source_check == config::source_policy::refuse;
  made.sms_report_path = how.sms.report_path;
  made.login_app_id = how.wechat.login_app_id;
  if (how.runtime.development)
    made.framed_by = how.wechat.open_base;
  return made;
}

http::server_options server_of(const config::settings& how) {
  http::server_options made;
  made.address = how.http.address;
  made.port = how.http.port;
  made.workers = static_cast<std::size_t>(how.http.workers);
  made.max_in_flight = static_cast<std::size_t>(how.http.max_in_flight);
  made.render_error = http::error_renderer(how.http.secure_cookies);
  return made;
}

} // namespace zhiku::app
