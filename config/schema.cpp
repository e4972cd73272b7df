#include "config/schema.hpp"

#include "base/encoding.hpp"
#include "base/ip_ranges.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string_view>
#include <utility>

namespace zhiku::config {

namespace {

// -- reading a given value as a type -----------------------------------------

std::optional<std::int64_t> as_number(const given& from) {
  if (auto number = std::get_if<std::int64_t>(&from.value))
    return *number;
  auto text = std::get_if<std::string>(&from.value);
  if (!from.from_environment || !text)
    return std::nullopt;
  std::int64_t number = 0;
  auto last = text->data() + text->size();
  auto [end, failure] = std::from_chars(text->data(), last, number);
  if (failure != std::errc{} || end != last)
    return std::nullopt;
  return number;
}

std::optional<bool> as_flag(const given& from) {
  if (auto flag = std::get_if<bool>(&from.value))
    return *flag;
  auto text = std::get_if<std::string>(&from.value);
  if (!from.from_environment || !text)
    return std::nullopt;
  if (*text == "true")
    return true;
  if (*text == "false")
    return false;
  return std::nullopt;
}

/// "a=1,b=2", the way a table is written in an environment variable.
std::optional<text_map> parse_pairs(std::string_view text) {
  text_map pairs;
  while (!text.empty()) {
    auto pair = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    auto sign = pair.find('=');
    if (sign == std::string_view::npos || sign == 0)
      return std::nullopt;
    pairs.emplace(pair.substr(0, sign), pair.substr(sign + 1));
  }
  return pairs;
}

std::optional<text_map> as_map(const given& from) {
  if (auto map = std::get_if<text_map>(&from.value))
    return *map;
  auto text = std::get_if<std::string>(&from.value);
  if (!from.from_environment || !text)
    return std::nullopt;
  return parse_pairs(*text);
}

// -- writing a value as TOML -------------------------------------------------

std::string toml_text(std::string_view text) {
  std::string result = "\"";
  for (auto ch : text) {
    if (ch == '"' || ch == '\\')
      result += '\\';
    result += ch;
  }
  return result + '"';
}

// -- validators: what is wrong with a text, or "" ----------------------------

using validator = std::function<std::string(std::string_view)>;

std::string anything(std::string_view) {
  return {};
}

std::string base_url(std::string_view text) {
  auto known = text.starts_with("http://") || text.starts_with("https://");
  if (!known || text.ends_with('/'))
    return "must begin with http:// or https:// and not end with a slash";
  return {};
}

std::string optional_base_url(std::string_view text) {
  return text.empty() ? std::string{} : base_url(text);
}

std::string callback_token(std::string_view text) {
  auto plain = std::all_of(text.begin(), text.end(), [](unsigned char ch) {
    return std::isalnum(ch) != 0;
  });
  if (!plain || text.size() < 3 || text.size() > 32)
    return "must be 3 to 32 letters and digits";
  return {};
}

std::string aes_key(std::string_view text) {
  auto key = from_base64(text);
  if (text.size() != 43 || !key || key->size() != 32)
    return "must be the 43 characters of an EncodingAESKey";
  return {};
}

std::string optional_aes_key(std::string_view text) {
  return text.empty() ? std::string{} : aes_key(text);
}

std::string proxy_list(std::string_view text) {
  auto entries = list_of(text);
  if (entries == std::vector<std::string>{"none"})
    return {};
  auto everybody = [](const std::string& one) { return one.ends_with("/0"); };
  if (!ip_ranges::of(entries).unreadable.empty()
      || std::any_of(entries.begin(), entries.end(), everybody))
    return "must be addresses and networks, not everybody's, or none";
  return {};
}

std::string internal_token(std::string_view text) {
  return text.empty() || text.size() >= 24 ? ""
                                           : "must be 24 characters or more";
}

std::string report_path(std::string_view text) {
  auto plain = std::all_of(text.begin(), text.end(), [](unsigned char ch) {
    return std::isalnum(ch) != 0;
  });
  if (!text.empty() && (!plain || text.size() < 20 || text.size() > 100))
    return "must be 20 to 100 letters and digits";
  return {};
}

// -- builders: one for each type of setting ----------------------------------

/// Where a value lives: in a member of one of the tables.
template <class Table, class Value>
struct slot {
  Table settings::*table;
  Value Table::*value;

  Value& in(settings& all) const {
    return all.*table.*value;
  }
  const Value& in(const settings& all) const {
    return all.*table.*value;
  }
};

std::string range_text(std::int64_t least, std::int64_t most) {
  return "must be a whole number from " + std::to_string(least) + " to "
         + std::to_string(most);
}

template <class Table, class Value>
row number(std::string key, std::string doc, slot<Table, Value> where,
           std::int64_t least, std::int64_t most) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto count = as_number(from);
    if (!count || *count < least || *count > most)
      return range_text(least, most);
    where.in(all) = static_cast<Value>(*count);
    return {};
  };
  auto show = [=](const settings& all) {
    return std::to_string(where.in(all));
  };
  return {std::move(key), std::move(doc), assign, show};
}

/// An hour of the Beijing day within the limits of notifications.
row quiet_hour(std::string key, std::string doc,
               int domain::notice::limits::*which) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto hour = as_number(from);
    if (!hour || *hour < 0 || *hour > 23)
      return range_text(0, 23);
    all.notifications.within.*which = static_cast<int>(*hour);
    return {};
  };
  auto show = [=](const settings& all) {
    return std::to_string(all.notifications.within.*which);
  };
  return {std::move(key), std::move(doc), assign, show};
}

/// A length of time given as a count of `unit`.
template <class Table>
row duration(std::string key, std::string doc, slot<Table, seconds> where,
             seconds unit, std::int64_t least, std::int64_t most) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto count = as_number(from);
    if (!count || *count < least || *count > most)
      return range_text(least, most);
    where.in(all) = unit * *count;
    return {};
  };
  auto show = [=](const settings& all) {
    return std::to_string(where.in(all) / unit);
  };
  return {std::move(key), std::move(doc), assign, show};
}

template <class Table>
row flag(std::string key, std::string doc, slot<Table, bool> where) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto on = as_flag(from);
    if (!on)
      return "must be true or false";
    where.in(all) = *on;
    return {};
  };
  auto show = [=](const settings& all) {
    return std::string{where.in(all) ? "true" : "false"};
  };
  return {std::move(key), std::move(doc), assign, show};
}

template <class Table>
row text(std::string key, std::string doc, slot<Table, std::string> where,
         validator check = anything) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto content = std::get_if<std::string>(&from.value);
    if (!content)
      return "must be text";
    auto wrong = check(*content);
    if (wrong.empty())
      where.in(all) = *content;
    return wrong;
  };
  auto show = [=](const settings& all) { return toml_text(where.in(all)); };
  return {std::move(key), std::move(doc), assign, show};
}

/// A text that may also be read from the file that `<key>_file` names.
template <class Table>
row secret(std::string key, std::string doc, slot<Table, std::string> where,
           std::string example_file, validator check = anything) {
  auto name = key.substr(key.rfind('.') + 1);
  auto made = text(std::move(key), std::move(doc), where, std::move(check));
  made.kept = secrecy::secret;
  made.example = name + "_file = " + toml_text(example_file);
  return made;
}

template <class Table>
row table(std::string key, std::string doc, slot<Table, text_map> where,
          std::string example) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto pairs = as_map(from);
    if (!pairs)
      return "must be a table of texts";
    where.in(all) = *pairs;
    return {};
  };
  auto show = [](const settings&) { return std::string{"{}"}; };
  return {std::move(key), std::move(doc), assign,
          show,           secrecy::open,  std::move(example)};
}

template <class Enum>
using choices = std::vector<std::pair<std::string, Enum>>;

template <class Table, class Enum>
row choice(std::string key, std::string doc, slot<Table, Enum> where,
           choices<Enum> names) {
  auto assign = [=](settings& all, const given& from) -> std::string {
    auto wanted = std::get_if<std::string>(&from.value);
    std::string known;
    for (const auto& [name, value] : names) {
      if (wanted && *wanted == name) {
        where.in(all) = value;
        return {};
      }
      known += (known.empty() ? "" : ", ") + name;
    }
    return "must be one of " + known;
  };
  auto show = [=](const settings& all) {
    auto is_current = [&](const auto& one) {
      return one.second == where.in(all);
    };
    return toml_text(
      std::find_if(names.begin(), names.end(), is_current)->first);
  };
  return {std::move(key), std::move(doc), assign, show};
}

/// The same row with another line in the example file.
row shown_as(std::string example, row made) {
  made.example = std::move(example);
  return made;
}

// -- the rows ----------------------------------------------------------------

constexpr seconds second{1};
constexpr seconds hour{3600};
constexpr seconds day{86'400};

using rows = std::vector<row>;

rows http_rows() {
  using t = http_settings;
  constexpr auto at = &settings::http;
  return {
    text("http.address", "Address to listen on.", slot{at, &t::address}),
    number("http.port", "TCP port to listen on.", slot{at, &t::port}, 1,
           65'535),
    shown_as("public_base_url = \"https://pool.example.org\"",
             text("http.public_base_url",
                  "Address under which people and WeChat reach the server.",
                  slot{at, &t::public_base_url}, base_url)),
    number("http.workers", "Threads that run request handlers.",
           slot{at, &t::workers}, 1, 256),
    number("http.max_in_flight",
           "Requests answered at one time; further ones get 503.",
           slot{at, &t::max_in_flight}, 1, 1'000'000),
    flag("http.secure_cookies",
         "Whether cookies are sent over HTTPS only; false needs "
         "runtime.development.",
         slot{at, &t::secure_cookies}),
    shown_as("trusted_proxies = \"127.0.0.1\"",
             text("http.trusted_proxies",
                  "Proxies whose X-Forwarded-For names the client: addresses "
                  "and networks, separated by commas; \"none\" without any.",
                  slot{at, &t::trusted_proxies}, proxy_list)),
    shown_as("# internal_token_file = \"/etc/zhiku/internal_token\"",
             secret("http.internal_token",
                    "Bearer token for /metrics, /docs, /openapi.json and the "
                    "details of /readyz; without one production closes them.",
                    slot{at, &t::internal_token}, "", internal_token)),
  };
}

rows database_rows() {
  using t = database_settings;
  constexpr auto at = &settings::database;
  return {
    secret("database.dsn",
           "Connection string of PostgreSQL in libpq's key=value form.",
           slot{at, &t::dsn}, "/etc/zhiku/database_dsn"),
    flag("database.allow_unverified_tls",
         "Whether the database may be reached over TCP without "
         "sslmode=verify-full, as in a network of its own.",
         slot{at, &t::allow_unverified_tls}),
    number("database.writers",
           "Journal writers, each with a connection of its own.",
           slot{at, &t::writers}, 1, 64),
    number("database.readers", "Connections for lists and searches.",
           slot{at, &t::readers}, 1, 256),
  };
}

rows keys_rows() {
  using t = keys_settings;
  constexpr auto at = &settings::keys;
  return {
    shown_as("current = \"k1\"",
             text("keys.current", "Id of the wrapping key for new persons.",
                  slot{at, &t::current})),
    shown_as("lookup = \"file:/etc/zhiku/lookup.key\"",
             text("keys.lookup",
                  "Key of the look-up hashes; it can never be changed.",
                  slot{at, &t::lookup})),
    table("keys.wrapping",
          "Keys that wrap each person's key, by id: file:PATH or env:NAME, "
          "holding 64 hex digits.",
          slot{at, &t::wrapping}, "k1 = \"file:/etc/zhiku/wrapping-k1.key\""),
  };
}

rows wechat_rows() {
  using t = wechat_settings;
  constexpr auto at = &settings::wechat;
  return {
    shown_as("app_id = \"wx0123456789abcdef\"",
             text("wechat.app_id", "AppID of the Official Account.",
                  slot{at, &t::app_id})),
    secret("wechat.app_secret", "AppSecret of the Official Account.",
           slot{at, &t::app_secret}, "/etc/zhiku/wechat_app_secret"),
    secret("wechat.token", "Token of the callback, from the account's console.",
           slot{at, &t::token}, "/etc/zhiku/wechat_token", callback_token),
    secret("wechat.encoding_aes_key",
           "EncodingAESKey of the callback, from the account's console.",
           slot{at, &t::encoding_aes_key}, "/etc/zhiku/wechat_aes_key",
           aes_key),
    shown_as("# previous_encoding_aes_key_file = "
             "\"/etc/zhiku/wechat_previous_aes_key\"",
             secret("wechat.previous_encoding_aes_key",
                    "The EncodingAESKey before, while a change is under way.",
                    slot{at, &t::previous_encoding_aes_key}, "",
                    optional_aes_key)),
    choice("wechat.mode",
           "Message mode of the callback: plain, compatible or safe.",
           slot{at, &t::mode},
           {{"plain", message_mode::plain},
            {"compatible", message_mode::compatible},
            {"safe", message_mode::safe}}),
    text("wechat.api_base", "Where the platform's API is.",
         slot{at, &t::api_base}, base_url),
    text("wechat.open_base", "Where web authorisation is.",
         slot{at, &t::open_base}, base_url),
    text("wechat.mp_base", "Where QR code pictures are.", slot{at, &t::mp_base},
         base_url),
    flag("wechat.browser_only",
         "Whether menu links open in WeChat only; other browsers are led to "
         "the login page.",
         slot{at, &t::browser_only}),
    duration("wechat.max_skew_s",
             "Pushes dated further off are refused; 0 where the clock is not "
             "kept by NTP.",
             slot{at, &t::max_skew}, second, 0, 86'400),
    choice("wechat.source_check",
           "What becomes of pushes from addresses the platform does not list: "
           "off (not looked at), warn or refuse.",
           slot{at, &t::source_check},
           {{"off", source_policy::off},
            {"warn", source_policy::warn},
            {"refuse", source_policy::refuse}}),
    text("wechat.menu", "The menu's file, for `zhiku menu check|diff|push`.",
         slot{at, &t::menu}),
    text("wechat.login_app_id",
         "AppID of the website application for login by WeChat on a PC, if "
         "there is one.",
         slot{at, &t::login_app_id}),
    shown_as("# login_app_secret_file = "
             "\"/etc/zhiku/wechat_login_app_secret\"",
             secret("wechat.login_app_secret", "Its AppSecret.",
                    slot{at, &t::login_app_secret}, "")),
    table("wechat.site_files",
          "Files the platform wants at the site's root, with their content.",
          slot{at, &t::site_files},
          "# \"MP_verify_abcdefghijklmnop.txt\" = \"abcdefghijklmnop\""),
    table("wechat.quotas",
          "Calls allowed in a day by API; what can wait stops at nine tenths.",
          slot{at, &t::quotas},
          "# \"/cgi-bin/message/template/send\" = \"100000\""),
  };
}

/// One carrier's table: [sms], or [sms.second].
rows carrier_rows(const std::string& table_key, sms_settings settings::*at,
                  bool first) {
  using t = sms_settings;
  auto key = [&](const char* name) { return table_key + '.' + name; };
  auto shown = [&](std::string example, row made) {
    return shown_as(first ? example : "# " + example, std::move(made));
  };
  return {
    choice(key("carrier"), "Who sends SMS: tencent or aliyun.",
           slot{at, &t::carrier},
           choices<sms_carrier>{{"tencent", sms_carrier::tencent},
                                {"aliyun", sms_carrier::aliyun}}),
    text(key("base_url"), "The carrier's address; empty for its usual one.",
         slot{at, &t::base_url}, optional_base_url),
    shown("secret_id = \"AKIDexample\"",
          text(key("secret_id"), "Id of the carrier's API key.",
               slot{at, &t::secret_id})),
    shown("secret_key_file = \"/etc/zhiku/sms_secret_key\"",
          secret(key("secret_key"), "The carrier's API key.",
                 slot{at, &t::secret_key}, "")),
    shown("app_id = \"1400000000\"",
          text(key("app_id"), "The carrier's application id, if it has one.",
               slot{at, &t::app_id})),
    shown("sign_name = \"智库\"",
          text(key("sign_name"), "The registered signature of messages.",
               slot{at, &t::sign_name})),
  };
}

rows sms_rows() {
  using t = sms_settings;
  constexpr auto at = &settings::sms;
  auto all = carrier_rows("sms", at, true);
  all.push_back(
    shown_as("# report_path_file = \"/etc/zhiku/sms_report_path\"",
             secret("sms.report_path",
                    "Unguessable part of /sms/reports/PATH/CARRIER, where "
                    "carriers post delivery reports.",
                    slot{at, &t::report_path}, "", report_path)));
  all.push_back(
    table("sms.templates",
          "The carrier's template ids: for SMS codes under \"code\", else by "
          "notification event.",
          slot{at, &t::templates}, "code = \"1000001\""));
  for (auto& one : carrier_rows("sms.second", &settings::sms_second, false))
    all.push_back(std::move(one));
  all.push_back(table("sms.second.templates",
                      "The same for the carrier that takes over when the first "
                      "cannot send; empty when there is none.",
                      slot{&settings::sms_second, &t::templates},
                      "# code = \"SMS_0000001:code,minutes\""));
  return all;
}

rows notifications_rows() {
  using t = notifications_settings;
  constexpr auto at = &settings::notifications;
  return {
    text("notifications.catalogue",
         "File that says who is told of what and how; empty for the built-in "
         "one, config/notices.toml.",
         slot{at, &t::catalogue}),
    quiet_hour("notifications.quiet_from",
               "Beijing hour from which reminders wait with their SMS.",
               &domain::notice::limits::quiet_from),
    quiet_hour("notifications.quiet_until",
               "Beijing hour from which they go out again.",
               &domain::notice::limits::quiet_until),
    table("notifications.templates",
          "WeChat template ids by notification event.", slot{at, &t::templates},
          "# EXAM_NOTICE = \"the template's id\""),
    table("notifications.subscriptions",
          "Ids of subscription notices by event: who agreed gets them when no "
          "template message arrives.",
          slot{at, &t::subscriptions}, "# EXAM_NOTICE = \"the template's id\""),
  };
}

rows policy_rows() {
  using t = domain::policy;
  constexpr auto at = &settings::policy;
  return {
    duration("policy.sms.ttl_s", "Seconds an SMS code lives.",
             slot{at, &t::sms_ttl}, second, 30, 3600),
    duration("policy.sms.gap_s", "Seconds between two codes to one phone.",
             slot{at, &t::sms_gap}, second, 1, 3600),
    number("policy.sms.tries", "Wrong tries after which a code is burnt.",
           slot{at, &t::sms_tries}, 1, 20),
    number("policy.sms.day", "Codes to one phone for one asker in a day.",
           slot{at, &t::sms_day}, 1, 1000),
    number("policy.sms.phone_day",
           "Codes to one phone for all askers in a day.",
           slot{at, &t::sms_phone_day}, 1, 10'000),
    number("policy.sms.free",
           "Codes to one phone in an hour before a proof of work is asked for.",
           slot{at, &t::sms_free}, 0, 16),
    number("policy.sms.work",
           "Numbers that a browser tries at most for a proof of work.",
           slot{at, &t::sms_work}, 1000, 10'000'000),
    number("policy.sms.ip_hour", "Codes asked from one address in an hour.",
           slot{at, &t::sms_ip_hour}, 1, 1'000'000),
    number("policy.sms.network_hour",
           "Codes asked from one network (IPv4 /24, IPv6 /48) in an hour.",
           slot{at, &t::sms_network_hour}, 1, 1'000'000),
    number("policy.sms.all_hour",
           "Codes that one node sends in an hour; more is an alarm.",
           slot{at, &t::sms_all_hour}, 1, 100'000'000),
    number("policy.case.max_returns",
           "Returns for supplement in one case; 0 for no limit.",
           slot{at, &t::case_max_returns}, 0, 1000),
    duration("policy.case.supplement_days",
             "Calendar days to supplement a returned case; 0 for no limit.",
             slot{at, &t::case_supplement}, day, 0, 3650),
    flag("policy.case.withdraw_when_returned",
         "Whether a returned case may be withdrawn.",
         slot{at, &t::case_withdraw_when_returned}),
    duration("policy.exam.grace_s",
             "Seconds after the deadline in which answers still count.",
             slot{at, &t::exam_grace}, second, 0, 600),
    duration("policy.exam.min_notice_h",
             "Hours of notice before an exam's window opens.",
             slot{at, &t::exam_min_notice}, hour, 0, 8760),
    number("policy.exam.pass_tenths", "Pass mark in tenths of a point.",
           slot{at, &t::exam_pass_tenths}, 0, 100'000),
    flag("policy.exam.score_on_wechat",
         "Whether the score may be read in WeChat too.",
         slot{at, &t::exam_score_on_wechat}),
    number("policy.term.years", "Years of an expert's term.",
           slot{at, &t::term_years}, 1, 50),
    flag("policy.staff.four_eyes",
         "Whether check and approval of a case need two accounts.",
         slot{at, &t::four_eyes}),
  };
}

rows runtime_rows() {
  using run = runtime_settings;
  return {
    number("journal.max_batch", "Appends committed together at most.",
           slot{&settings::journal, &journal_settings::max_batch}, 1, 10'000),
    number("journal.snapshot_every", "Events of an entity between snapshots.",
           slot{&settings::journal, &journal_settings::snapshot_every}, 1,
           100'000),
    duration("entities.idle_s", "Seconds after which an idle entity leaves.",
             slot{&settings::entities, &entities_settings::idle}, second, 1,
             86'400),
    number("entities.max_resident", "Entities kept in memory at most.",
           slot{&settings::entities, &entities_settings::max_resident}, 1,
           100'000'000),
    duration("runtime.shutdown_s", "Seconds a graceful stop may take.",
             slot{&settings::runtime, &run::shutdown}, second, 1, 600),
    flag("runtime.development",
         "Allows keys in the file and cookies without HTTPS; never in "
         "production.",
         slot{&settings::runtime, &run::development}),
    duration("session.idle_s", "Seconds after which an unused login ends.",
             slot{&settings::session, &session_settings::idle}, second, 60,
             2'592'000),
    duration("session.absolute_s", "Seconds after which any login ends.",
             slot{&settings::session, &session_settings::absolute}, second, 60,
             31'536'000),
    choice("log.level", "Least level written: debug, info, warn or error.",
           slot{&settings::log, &log_settings::level},
           {{"debug", log::level::debug},
            {"info", log::level::info},
            {"warn", log::level::warn},
            {"error", log::level::error}}),
    flag("metrics.enabled", "Whether /metrics answers.",
         slot{&settings::metrics, &metrics_settings::enabled}),
  };
}

rows all_rows() {
  rows all;
  for (auto part : {http_rows, database_rows, keys_rows, wechat_rows, sms_rows,
                    notifications_rows, policy_rows, runtime_rows})
    for (auto& one : part())
      all.push_back(std::move(one));
  return all;
}

} // namespace

const std::vector<row>& schema() {
  static const rows all = all_rows();
  return all;
}

const row* find_row(std::string_view key) {
  for (const auto& one : schema())
    if (one.key == key)
      return &one;
  return nullptr;
}

std::string environment_name(std::string_view key) {
  std::string name = "ZHIKU_";
  for (unsigned char ch : key)
    name += ch == '.' ? '_' : static_cast<char>(std::toupper(ch));
  return name;
}

} // namespace zhiku::config
