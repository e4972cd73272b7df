#include "config/production.hpp"

#include "base/encoding.hpp"

#include <algorithm>
#include <array>
#include <memory>

#include <libpq-fe.h>

namespace zhiku::config {

namespace {

using fault = std::pair<std::string, std::string>;
using faults = std::vector<fault>;

// What config/dev.toml holds is known to everybody.
constexpr std::array published_secrets = {
  "sandbox0secret0for0development00",
  "sandboxtoken",
  "WmhpS3VTYW5kYm94RW5jb2RpbmdBRVNLZXkyMDI2ISE",
  "sandbox",
  "sandboxReports0for0development",
};
constexpr std::array published_keys = {
  "7f0c2b6e59a14d3388e1c4f7205d9ab6e3417c08fd52964bb1a06e8d35c7f912",
  "3d9e61f4a7084cb2951fe06ac83b7d24b85f1709c6ea4d32907bf5d1486ce0a3",
};

template <class List>
bool holds(const List& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void check_addresses(const settings& all, faults& found) {
  const fault used[] = {
    {"http.public_base_url", all.http.public_base_url},
    {"wechat.api_base", all.wechat.api_base},
    {"wechat.open_base", all.wechat.open_base},
    {"wechat.mp_base", all.wechat.mp_base},
    {"sms.base_url", all.sms.base_url},
    {"sms.second.base_url", all.sms_second.base_url},
  };
  for (const auto& [key, url] : used)
    if (!url.empty() && !url.starts_with("https://"))
      found.push_back({key, "must begin with https:// in production"});
}

void check_published(const settings& all, faults& found) {
  const fault used[] = {
    {"wechat.app_secret", all.wechat.app_secret},
    {"wechat.token", all.wechat.token},
    {"wechat.encoding_aes_key", all.wechat.encoding_aes_key},
    {"sms.secret_id", all.sms.secret_id},
    {"sms.secret_key", all.sms.secret_key},
    {"sms.report_path", all.sms.report_path},
    {"sms.second.secret_id", all.sms_second.secret_id},
    {"sms.second.secret_key", all.sms_second.secret_key},
    {"wechat.login_app_secret", all.wechat.login_app_secret},
    {"wechat.previous_encoding_aes_key", all.wechat.previous_encoding_aes_key},
  };
  for (const auto& [key, value] : used)
    if (holds(published_secrets, value))
      found.push_back({key, "is the published one of the sandbox"});
  if (holds(published_keys, to_hex(all.keys.lookup)))
    found.push_back({"keys.lookup", "is the published one of the sandbox"});
  for (const auto& [id, key] : all.keys.wrapping)
    if (holds(published_keys, to_hex(key)))
      found.push_back(
        {"keys.wrapping", id + " is the published one of the sandbox"});
}

/// Whether one of the hosts, a comma-separated list, is no local socket.
bool is_over_tcp(const std::string& hosts) {
  for (const auto& host : list_of(hosts))
    if (!host.starts_with('/') && !host.starts_with('@'))
      return true;
  return false;
}

/// "" unless the connection leaves the machine's sockets with a server that
/// nobody verified.
std::string database_fault(const std::string& dsn) {
  std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{
    PQconninfoParse(dsn.c_str(), nullptr), PQconninfoFree};
  if (!options)
    return "is not a connection string";
  auto tcp = false;
  auto verified = false;
  for (auto* one = options.get(); one->keyword != nullptr; ++one) {
    std::string_view key = one->keyword;
    std::string value = one->val == nullptr ? "" : one->val;
    // A service file may name any host.
    tcp = tcp || ((key == "hostaddr" || key == "service") && !value.empty())
          || (key == "host" && is_over_tcp(value));
    verified = verified || (key == "sslmode" && value == "verify-full");
  }
  return tcp && !verified
           ? "goes over TCP: sslmode=verify-full, or allow it by "
             "database.allow_unverified_tls"
           : "";
}

} // namespace

std::vector<fault> production_faults(const settings& all) {
  faults found;
  check_addresses(all, found);
  check_published(all, found);
  if (!all.http.secure_cookies)
    found.push_back(
      {"http.secure_cookies", "may be false with runtime.development only"});
  if (all.http.trusted_proxies.empty())
    found.push_back(
      {"http.trusted_proxies", "must name the proxies in front, or say none"});
  if (all.wechat.mode == message_mode::plain)
    found.push_back({"wechat.mode", "may be plain in development only"});
  auto database = database_fault(all.database.dsn);
  if (!database.empty() && !all.database.allow_unverified_tls)
    found.push_back({"database.dsn", database});
  return found;
}

} // namespace zhiku::config
