#include "sandbox/settings.hpp"

#include <toml++/toml.h>

namespace zhiku::sandbox {

namespace {

void take(std::string& into, const toml::table& from, const char* table,
          const char* key) {
  if (auto value = from[table][key].value<std::string>();
      value && !value->empty())
    into = *value;
}

} // namespace

std::optional<settings> load_settings(const std::string& path, settings base,
                                      std::string& problem) {
  try {
    auto file = toml::parse_file(path);
    take(base.app_id, file, "wechat", "app_id");
    take(base.app_secret, file, "wechat", "app_secret");
    take(base.token, file, "wechat", "token");
    take(base.encoding_aes_key, file, "wechat", "encoding_aes_key");
    take(base.sms_secret_id, file, "sms", "secret_id");
    take(base.sms_secret_key, file, "sms", "secret_key");
    std::string mode = "safe"; // as Zhiku's own default
    take(mode, file, "wechat", "mode");
    if (auto known = wechat::push_mode_of(mode))
      base.mode = *known;
    return base;
  } catch (const toml::parse_error& error) {
    problem = std::string{error.description()};
    return std::nullopt;
  }
}

} // namespace zhiku::sandbox
