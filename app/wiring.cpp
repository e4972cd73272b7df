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
          std::chrono::seconds{0}};
}

namespace {

sms::settings sms_of(const config::settings& how) {
  sms::settings carrier;
  carrier.by = how.sms.carrier == config::sms_carrier::aliyun
                 ? sms::provider::aliyun
                 : sms::provider::tencent;
  carrier.base_url = how.sms.base_url;
  carrier.secret_id = how.sms.secret_id;
  carrier.secret_key = how.sms.secret_key;
  carrier.app_id = how.sms.app_id;
  carrier.sign_name = how.sms.sign_name;
  carrier.templates = how.sms.templates;
  return carrier;
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
  made.sms = sms_of(how);
  made.templates = how.notifications.templates;
  made.public_base_url = how.http.public_base_url;
  return made;
}

http::api_settings api_of(const config::settings& how) {
  http::api_settings made;
  made.public_base_url = how.http.public_base_url;
  made.wechat_app_id = how.wechat.app_id;
  made.wechat_open_base = how.wechat.open_base;
  made.secure_cookies = how.http.secure_cookies;
  made.wechat_browser_only = !how.runtime.development;
  made.sessions.idle = how.session.idle;
  made.sessions.absolute = how.session.absolute;
  made.rules = how.policy;
  return made;
}

http::server_options server_of(const config::settings& how) {
  http::server_options made;
  made.address = how.http.address;
  made.port = how.http.port;
  made.workers = static_cast<std::size_t>(how.http.workers);
  made.max_in_flight = static_cast<std::size_t>(how.http.max_in_flight);
  made.render_error = http::render_error;
  return made;
}

} // namespace zhiku::app
