#include "config/settings.hpp"

#include "base/encoding.hpp"
#include "config/notice_catalogue.hpp"
#include "config/production.hpp"
#include "config/schema.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <toml++/toml.h>

namespace zhiku::config {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view file_suffix = "_file";

/// One value on its way to a row, and where it came from.
struct offer {
  const row* target;
  given value;
  std::string where;
  fs::path secret_file = {}; ///< set: the value is this file's content
};

std::string trimmed(std::string text) {
  auto last = text.find_last_not_of(" \t\r\n");
  text.erase(last == std::string::npos ? 0 : last + 1);
  return text;
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  if (!in || fs::is_directory(path))
    return std::nullopt;
  return trimmed({std::istreambuf_iterator<char>{in}, {}});
}

/// The secret row whose `<key>_file` this is, or null.
const row* secret_row_of(std::string_view key) {
  if (!key.ends_with(file_suffix))
    return nullptr;
  key.remove_suffix(file_suffix.size());
  auto target = find_row(key);
  return target && target->kept == secrecy::secret ? target : nullptr;
}

bool is_table(std::string_view key) {
  auto inside = std::string{key} + '.';
  return std::any_of(schema().begin(), schema().end(), [&](const row& one) {
    return one.key.starts_with(inside);
  });
}

std::optional<text_map> texts_of(const toml::table& from) {
  text_map texts;
  for (const auto& [name, node] : from) {
    auto text = node.value_exact<std::string>();
    if (!text)
      return std::nullopt;
    texts.emplace(name.str(), *text);
  }
  return texts;
}

given given_of(const toml::node& node) {
  if (auto flag = node.value_exact<bool>())
    return {*flag};
  if (auto number = node.value_exact<std::int64_t>())
    return {*number};
  if (auto text = node.value_exact<std::string>())
    return {*text};
  if (auto table = node.as_table())
    if (auto texts = texts_of(*table))
      return {*texts};
  return {};
}

class loader {
public:
  explicit loader(const environment& env) : env_(env) {
    // nop
  }

  loaded run(const std::string& path) {
    if (!path.empty())
      offer_file(path);
    for (const auto& one : schema())
      offer_environment(one);
    for (const auto& [key, one] : offers_)
      accept(one);
    resolve_keys();
    resolve_files(path);
    if (!unread_) { // else all that it says would be missed
      require_what_has_no_default();
      refuse_unsafe_production();
    }
    return std::move(result_);
  }

private:
  // -- collecting ------------------------------------------------------------

  void offer_file(const std::string& path) {
    try {
      offer_table(path, "", toml::parse_file(path));
    } catch (const toml::parse_error& failure) {
      complain(line_text(path, failure.source().begin.line), "file",
               "cannot be read: " + std::string{failure.description()});
      unread_ = true;
    }
  }

  void offer_table(const std::string& path, const std::string& prefix,
                   const toml::table& table) {
    for (const auto& [name, node] : table)
      offer_node(path, prefix + std::string{name.str()}, node);
  }

  void offer_node(const std::string& path, const std::string& key,
                  const toml::node& node) {
    auto where = line_text(path, node.source().begin.line);
    if (auto target = find_row(key))
      add({target, given_of(node), where});
    else if (auto kept = secret_row_of(key))
      add_secret_file(*kept, node, where, fs::path{path}.parent_path());
    else if (node.is_table() && is_table(key))
      offer_table(path, key + '.', *node.as_table());
    else
      complain(where, key, "is not a setting");
  }

  void add_secret_file(const row& target, const toml::node& node,
                       const std::string& where, const fs::path& folder) {
    auto file = node.value_exact<std::string>();
    if (file)
      add({&target, {}, where, folder / *file});
    else
      complain(where, target.key + std::string{file_suffix}, "must be text");
  }

  void add(offer one) {
    auto key = one.target->key;
    auto where = one.where;
    if (!offers_.emplace(key, std::move(one)).second)
      complain(where, key, "is given twice, as a value and as a file");
  }

  void offer_environment(const row& target) {
    auto name = environment_name(target.key);
    auto file_name = name + "_FILE";
    auto value = env_(name);
    auto file = target.kept == secrecy::secret ? env_(file_name) : std::nullopt;
    if (value && file)
      complain(name, target.key, "is given twice, as a value and as a file");
    if (value)
      offers_.insert_or_assign(target.key,
                               offer{&target, {*value, true}, name});
    else if (file)
      offers_.insert_or_assign(target.key,
                               offer{&target, {}, file_name, *file});
  }

  // -- taking over -----------------------------------------------------------

  void accept(const offer& one) {
    auto value = one.value;
    if (!one.secret_file.empty()) {
      auto content = read_file(one.secret_file);
      if (!content)
        return complain(one.where, one.target->key,
                        "names a file that cannot be read");
      value = {*content, true};
    }
    auto wrong = one.target->assign(result_.values, value);
    if (!wrong.empty())
      complain(one.where, one.target->key, wrong);
  }

  // -- keys ------------------------------------------------------------------

  void resolve_keys() {
    auto& keys = result_.values.keys;
    for (auto& [id, key] : keys.wrapping)
      key = key_bytes("keys.wrapping." + id, where_of("keys.wrapping"), key);
    if (!keys.lookup.empty())
      keys.lookup =
        key_bytes("keys.lookup", where_of("keys.lookup"), keys.lookup);
    if (!keys.current.empty() && !keys.wrapping.contains(keys.current))
      complain(where_of("keys.current"), "keys.current",
               "must be an id in keys.wrapping");
  }

  /// Follows file:, env: or inline: to 32 bytes; "" after complaining.
  std::string key_bytes(const std::string& key, const std::string& where,
                        std::string_view reference) {
    auto text = follow(key, where, reference);
    if (!text)
      return {};
    auto bytes = text->size() == 64 ? from_hex(*text) : from_base64(*text);
    if (bytes && bytes->size() == 32)
      return *bytes;
    complain(where, key, "must hold 64 hex digits or base64 of 32 bytes");
    return {};
  }

  std::optional<std::string> follow(const std::string& key,
                                    const std::string& where,
                                    std::string_view reference) {
    auto scheme = reference.substr(0, reference.find(':'));
    auto rest = std::string{
      reference.substr(std::min(reference.size(), scheme.size() + 1))};
    if (scheme == "inline") {
      if (!result_.values.runtime.development)
        complain(where, key, "may be inline with runtime.development only");
      return rest;
    }
    if (scheme != "file" && scheme != "env") {
      complain(where, key, "must be file:PATH or env:NAME");
      return std::nullopt;
    }
    auto text = scheme == "file" ? read_file(rest) : env_(rest);
    if (!text)
      complain(where, key, "names what cannot be read");
    return text;
  }

  // -- files -----------------------------------------------------------------

  /// Names of files are meant from the folder of the settings.
  void resolve_files(const std::string& path) {
    auto folder = fs::path{path}.parent_path();
    auto& all = result_.values;
    for (auto* file : {&all.notifications.catalogue, &all.wechat.menu})
      if (!file->empty())
        *file = folder / *file;
    all.notifications.kinds =
      read_catalogue(all.notifications.catalogue, result_.problems);
    check_events("notifications.templates", all.notifications.templates, "");
    check_events("notifications.subscriptions", all.notifications.subscriptions,
                 "");
    check_events("sms.templates", all.sms.templates, "code");
    check_events("sms.second.templates", all.sms_second.templates, "code");
    check_quotas();
  }

  void check_events(const std::string& key, const text_map& templates,
                    std::string_view besides) {
    for (const auto& [event, id] : templates)
      if (event != besides
          && result_.values.notifications.kinds.find(event) == nullptr)
        complain(where_of(key), key + '.' + event, "is no notification");
  }

  void check_quotas() {
    for (const auto& [api, calls] : result_.values.wechat.quotas)
      if (calls.empty() || calls.size() > 12
          || !std::all_of(calls.begin(), calls.end(),
                          [](unsigned char ch) { return std::isdigit(ch); }))
        complain(where_of("wechat.quotas"), "wechat.quotas." + api,
                 "must be a number of calls");
  }

  // -- rules across settings -------------------------------------------------

  void require(const std::string& key, const std::string& value) {
    if (value.empty() && !complained(key))
      complain(where_of(key), key, "is required");
  }

  void require_what_has_no_default() {
    const auto& all = result_.values;
    require("database.dsn", all.database.dsn);
    require("keys.current", all.keys.current);
    require("keys.lookup", all.keys.lookup);
    require("wechat.app_id", all.wechat.app_id);
    require("wechat.app_secret", all.wechat.app_secret);
    require("wechat.token", all.wechat.token);
    require("wechat.encoding_aes_key", all.wechat.encoding_aes_key);
    require("sms.secret_id", all.sms.secret_id);
    require("sms.secret_key", all.sms.secret_key);
    require("sms.sign_name", all.sms.sign_name);
    if (all.sms.carrier == sms_carrier::tencent)
      require("sms.app_id", all.sms.app_id);
    if (!all.sms.templates.contains("code"))
      complain(where_of("sms.templates"), "sms.templates.code", "is required");
    if (!all.wechat.login_app_id.empty())
      require("wechat.login_app_secret", all.wechat.login_app_secret);
    require_second_carrier();
  }

  void require_second_carrier() {
    const auto& second = result_.values.sms_second;
    if (second.secret_id.empty() && second.templates.empty())
      return;
    require("sms.second.secret_id", second.secret_id);
    require("sms.second.secret_key", second.secret_key);
    require("sms.second.sign_name", second.sign_name);
    if (second.carrier == sms_carrier::tencent)
      require("sms.second.app_id", second.app_id);
    if (second.carrier == result_.values.sms.carrier
        && second.secret_id == result_.values.sms.secret_id)
      complain(where_of("sms.second.carrier"), "sms.second.carrier",
               "must not be the first one again");
  }

  void refuse_unsafe_production() {
    if (result_.values.runtime.development)
      return;
    for (const auto& [key, what] : production_faults(result_.values))
      if (!complained(key))
        complain(where_of(key), key, what);
  }

  // -- problems --------------------------------------------------------------

  static std::string line_text(const std::string& path, std::size_t line) {
    return line == 0 ? path : path + ':' + std::to_string(line);
  }

  std::string where_of(const std::string& key) const {
    auto found = offers_.find(key);
    return found == offers_.end() ? std::string{} : found->second.where;
  }

  bool complained(const std::string& key) const {
    return std::any_of(result_.problems.begin(), result_.problems.end(),
                       [&](const problem& one) { return one.key == key; });
  }

  void complain(std::string where, std::string key, std::string what) {
    result_.problems.push_back(
      {std::move(where), std::move(key), std::move(what)});
  }

  const environment& env_;
  std::map<std::string, offer> offers_; ///< by key
  loaded result_;
  bool unread_ = false; ///< the file could not be read
};

/// "http.port" -> "http"; "policy.exam.grace_s" -> "policy.exam".
std::string table_of(std::string_view key) {
  return std::string{key.substr(0, key.rfind('.'))};
}

std::string name_in_table(std::string_view key) {
  return std::string{key.substr(key.rfind('.') + 1)};
}

bool holds_texts(const row& one) {
  return one.show({}) == "{}";
}

} // namespace

std::vector<std::string> list_of(std::string_view text) {
  std::vector<std::string> entries;
  while (!text.empty()) {
    auto entry = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), entry.size() + 1));
    auto first = entry.find_first_not_of(" \t");
    if (first == std::string_view::npos)
      continue;
    auto last = entry.find_last_not_of(" \t");
    entries.emplace_back(entry.substr(first, last - first + 1));
  }
  return entries;
}

std::string to_text(const problem& wrong) {
  auto place = wrong.where.empty() ? std::string{} : wrong.where + ": ";
  return place + wrong.key + ' ' + wrong.what;
}

std::optional<std::string> process_environment(const std::string& name) {
  auto value = std::getenv(name.c_str());
  return value ? std::optional<std::string>{value} : std::nullopt;
}

loaded load(const std::string& path, const environment& env) {
  return loader{env}.run(path);
}

std::string example_toml() {
  const settings defaults;
  std::string text =
    "# Every setting of Zhiku. What stands here is the default, or an\n"
    "# example where there can be none. The environment goes before this\n"
    "# file: ZHIKU_<TABLE>_<KEY>, e.g. ZHIKU_HTTP_PORT. A secret may stand\n"
    "# in a file of its own: <key>_file here, ZHIKU_<TABLE>_<KEY>_FILE there."
    "\n# `zhiku config check` lists everything that is wrong, at once.\n";
  std::string table;
  for (const auto& one : schema()) {
    auto inside = holds_texts(one) ? one.key : table_of(one.key);
    if (inside != table)
      text += "\n[" + inside + "]\n";
    table = inside;
    auto line = name_in_table(one.key) + " = " + one.show(defaults);
    text += "# " + one.doc + '\n';
    text += (one.example.empty() ? line : one.example) + '\n';
  }
  return text;
}

} // namespace zhiku::config
