#include "config/settings.hpp"

#include "base/encoding.hpp"
#include "tests/support/settings.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <unistd.h>

namespace zhiku::config {
namespace {

namespace fs = std::filesystem;

const std::string hex_key(64, 'a');

/// What a production server needs besides the defaults, through environment.
const text_map production = {
  {"ZHIKU_DATABASE_DSN", "host=/run dbname=zhiku"},
  {"ZHIKU_KEYS_CURRENT", "k1"},
  {"ZHIKU_KEYS_WRAPPING", "k1=env:K1"},
  {"ZHIKU_KEYS_LOOKUP", "env:LOOKUP"},
  {"K1", hex_key},
  {"LOOKUP", hex_key},
  {"ZHIKU_HTTP_PUBLIC_BASE_URL", "https://pool.example.org"},
  {"ZHIKU_HTTP_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1"},
  {"ZHIKU_WECHAT_APP_ID", "wx0123456789abcdef"},
  {"ZHIKU_WECHAT_APP_SECRET", "app-secret-value"},
  {"ZHIKU_WECHAT_TOKEN", "token123"},
  {"ZHIKU_WECHAT_ENCODING_AES_KEY",
   "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"},
  {"ZHIKU_SMS_SECRET_ID", "id"},
  {"ZHIKU_SMS_SECRET_KEY", "sms-secret-value"},
  {"ZHIKU_SMS_APP_ID", "1400000000"},
  {"ZHIKU_SMS_SIGN_NAME", "智库"},
  {"ZHIKU_SMS_TEMPLATES", "code=1,EXAM_NOTICE=2"},
};

using tests::environment_of;

std::string all_problems(const loaded& from) {
  std::ostringstream text;
  for (const auto& one : from.problems)
    text << to_text(one) << '\n';
  return text.str();
}

std::string read(const fs::path& path) {
  std::ifstream in{path};
  return {std::istreambuf_iterator<char>{in}, {}};
}

/// A folder of its own for each test, with `write` and `load_text`.
class settings_test : public testing::Test {
protected:
  void SetUp() override {
    auto name = testing::UnitTest::GetInstance()->current_test_info()->name();
    folder_ = fs::temp_directory_path()
              / ("zhiku-config-" + std::to_string(getpid()) + '-' + name);
    fs::create_directories(folder_);
  }

  void TearDown() override {
    fs::remove_all(folder_);
  }

  std::string write(const std::string& name, const std::string& content) {
    auto path = folder_ / name;
    std::ofstream{path} << content;
    return path.string();
  }

  loaded load_text(const std::string& toml, text_map env = production) {
    return load(write("zhiku.toml", toml), environment_of(std::move(env)));
  }

  bool complains(const loaded& from, const std::string& where,
                 const std::string& key) {
    auto is_it = [&](const problem& one) {
      return one.key == key && one.where.ends_with(where);
    };
    return std::any_of(from.problems.begin(), from.problems.end(), is_it);
  }

  fs::path folder_;
};

TEST_F(settings_test, defaults_serve_where_nothing_is_said) {
  auto result = load("", environment_of(production));
  EXPECT_EQ(all_problems(result), "");
  EXPECT_EQ(result.values.http.port, 8080);
  EXPECT_EQ(result.values.database.writers, 2);
  EXPECT_EQ(result.values.journal.snapshot_every, 200);
  EXPECT_TRUE(result.values.http.secure_cookies);
  EXPECT_EQ(result.values.policy.exam_grace, domain::policy{}.exam_grace);
}

TEST_F(settings_test, file_goes_before_defaults_and_environment_before_file) {
  auto env = production;
  env["ZHIKU_HTTP_PORT"] = "9002";
  auto result = load_text("[http]\nport = 9001\nworkers = 7\n", env);
  EXPECT_EQ(all_problems(result), "");
  EXPECT_EQ(result.values.http.port, 9002);
  EXPECT_EQ(result.values.http.workers, 7);
}

TEST_F(settings_test, units_follow_the_name_of_the_key) {
  auto result = load_text("[policy.exam]\ngrace_s = 2\nmin_notice_h = 3\n"
                          "[policy.case]\nsupplement_days = 4\n");
  EXPECT_EQ(all_problems(result), "");
  EXPECT_EQ(result.values.policy.exam_grace, seconds{2});
  EXPECT_EQ(result.values.policy.exam_min_notice, std::chrono::hours{3});
  EXPECT_EQ(result.values.policy.case_supplement, seconds{4 * 86'400});
}

TEST_F(settings_test, every_problem_is_reported_with_key_and_line) {
  auto result = load_text("[http]\n"
                          "port = 99999\n"
                          "workers = \"four\"\n"
                          "colour = \"blue\"\n"
                          "[entities]\n"
                          "idle_s = 1.5\n"
                          "[typo]\n"
                          "x = 1\n"
                          "[log]\n"
                          "level = \"loud\"\n");
  EXPECT_TRUE(complains(result, "zhiku.toml:2", "http.port"));
  EXPECT_TRUE(complains(result, "zhiku.toml:3", "http.workers"));
  EXPECT_TRUE(complains(result, "zhiku.toml:4", "http.colour"));
  EXPECT_TRUE(complains(result, "zhiku.toml:6", "entities.idle_s"));
  EXPECT_TRUE(complains(result, "zhiku.toml:7", "typo"));
  EXPECT_TRUE(complains(result, "zhiku.toml:10", "log.level"));
  EXPECT_EQ(result.problems.size(), 6u) << all_problems(result);
}

TEST_F(settings_test, environment_is_checked_like_the_file) {
  auto env = production;
  env["ZHIKU_HTTP_PORT"] = "80a";
  env["ZHIKU_HTTP_SECURE_COOKIES"] = "yes";
  env["ZHIKU_SMS_TEMPLATES"] = "code";
  auto result = load("", environment_of(env));
  EXPECT_TRUE(complains(result, "ZHIKU_HTTP_PORT", "http.port"));
  EXPECT_TRUE(
    complains(result, "ZHIKU_HTTP_SECURE_COOKIES", "http.secure_cookies"));
  EXPECT_TRUE(complains(result, "ZHIKU_SMS_TEMPLATES", "sms.templates"));
}

TEST_F(settings_test, broken_toml_is_one_problem_with_its_line) {
  auto result = load_text("[http]\nport = = 1\n");
  ASSERT_EQ(result.problems.size(), 1u) << all_problems(result);
  EXPECT_TRUE(result.problems[0].where.ends_with("zhiku.toml:2"));
}

TEST_F(settings_test, a_missing_file_is_the_one_problem) {
  auto result = load((folder_ / "none.toml").string(), environment_of({}));
  ASSERT_EQ(result.problems.size(), 1u) << all_problems(result);
  EXPECT_TRUE(result.problems[0].where.ends_with("none.toml"));
}

TEST_F(settings_test, what_has_no_default_is_required) {
  auto result = load("", environment_of({}));
  for (auto key : {"database.dsn", "keys.current", "keys.lookup",
                   "wechat.app_id", "wechat.app_secret", "wechat.token",
                   "wechat.encoding_aes_key", "sms.secret_key"})
    EXPECT_TRUE(complains(result, "", key)) << key;
}

TEST_F(settings_test, secrets_are_read_from_files) {
  auto env = production;
  env.erase("ZHIKU_WECHAT_APP_SECRET");
  env.erase("ZHIKU_SMS_SECRET_KEY");
  write("secret", "from toml\n");
  env["ZHIKU_SMS_SECRET_KEY_FILE"] = write("other", "from environment\r\n");
  auto result = load_text("[wechat]\napp_secret_file = \"secret\"\n", env);
  EXPECT_EQ(all_problems(result), "");
  EXPECT_EQ(result.values.wechat.app_secret, "from toml");
  EXPECT_EQ(result.values.sms.secret_key, "from environment");
}

TEST_F(settings_test, environment_spares_the_file_it_overrides) {
  auto result = load_text("[wechat]\napp_secret_file = \"/nowhere/secret\"\n");
  EXPECT_EQ(all_problems(result), "");
  EXPECT_EQ(result.values.wechat.app_secret, "app-secret-value");
}

TEST_F(settings_test, a_secret_given_twice_or_unreadable_is_a_problem) {
  auto env = production;
  env.erase("ZHIKU_WECHAT_APP_SECRET");
  auto twice = load_text("[wechat]\napp_secret = \"a\"\n"
                         "app_secret_file = \"b\"\n",
                         env);
  EXPECT_TRUE(complains(twice, "", "wechat.app_secret"));
  auto unreadable = load_text("[wechat]\napp_secret_file = \"none\"\n", env);
  EXPECT_TRUE(complains(unreadable, "zhiku.toml:2", "wechat.app_secret"));
  auto not_secret = load_text("[http]\nport_file = \"x\"\n");
  EXPECT_TRUE(complains(not_secret, "zhiku.toml:2", "http.port_file"));
}

TEST_F(settings_test, problems_never_hold_a_secret) {
  auto env = production;
  env["ZHIKU_WECHAT_TOKEN"] = "s3cret with blanks";
  env["ZHIKU_WECHAT_ENCODING_AES_KEY"] = "s3cret-too-short";
  env["K1"] = "s3cret-no-key";
  env["ZHIKU_KEYS_LOOKUP"] = "s3cret";
  auto result = load("", environment_of(env));
  EXPECT_EQ(result.problems.size(), 4u) << all_problems(result);
  EXPECT_EQ(all_problems(result).find("s3cret"), std::string::npos);
}

TEST_F(settings_test, keys_come_as_bytes_from_files_and_variables) {
  auto env = production;
  auto file = write("key", hex_key + '\n');
  env["ZHIKU_KEYS_WRAPPING"] = "k1=env:K1,k2=file:" + file;
  env["ZHIKU_KEYS_CURRENT"] = "k2";
  auto keys = load("", environment_of(env)).values.keys;
  EXPECT_EQ(keys.wrapping.at("k1"), std::string(32, '\xaa'));
  EXPECT_EQ(keys.wrapping.at("k2"), std::string(32, '\xaa'));
  EXPECT_EQ(keys.lookup, std::string(32, '\xaa'));
  EXPECT_EQ(keys.current, "k2");
}

TEST_F(settings_test, the_current_key_must_be_known) {
  auto env = production;
  env["ZHIKU_KEYS_CURRENT"] = "k9";
  auto result = load("", environment_of(env));
  EXPECT_TRUE(complains(result, "ZHIKU_KEYS_CURRENT", "keys.current"));
}

TEST_F(settings_test, production_refuses_what_development_allows) {
  const std::string unsafe = "[keys]\nlookup = \"inline:" + hex_key
                             + "\"\n[http]\nsecure_cookies = false\n"
                               "public_base_url = \"http://10.0.0.1\"\n";
  auto env = production;
  env.erase("ZHIKU_KEYS_LOOKUP");
  env.erase("ZHIKU_HTTP_PUBLIC_BASE_URL");
  auto refused = load_text(unsafe, env);
  EXPECT_EQ(refused.problems.size(), 3u) << all_problems(refused);
  auto allowed = load_text(unsafe + "[runtime]\ndevelopment = true\n", env);
  EXPECT_EQ(all_problems(allowed), "");
}

// W30: whose header is believed is said by somebody, or the server stays down.
TEST_F(settings_test, production_names_its_proxies) {
  auto env = production;
  env.erase("ZHIKU_HTTP_TRUSTED_PROXIES");
  EXPECT_TRUE(
    complains(load("", environment_of(env)), "", "http.trusted_proxies"));
  env["ZHIKU_HTTP_TRUSTED_PROXIES"] = "none";
  EXPECT_EQ(all_problems(load("", environment_of(env))), "");
  for (auto wrong :
       {"proxy.example.org", "10.0.0.0/33", "none,10.0.0.1", "0.0.0.0/0"}) {
    env["ZHIKU_HTTP_TRUSTED_PROXIES"] = wrong;
    EXPECT_TRUE(complains(load("", environment_of(env)),
                          "ZHIKU_HTTP_TRUSTED_PROXIES", "http.trusted_proxies"))
      << wrong;
  }
}

TEST_F(settings_test, production_calls_nobody_in_clear) {
  const std::pair<const char*, const char*> addresses[] = {
    {"[wechat]\napi_base", "wechat.api_base"},
    {"[wechat]\nopen_base", "wechat.open_base"},
    {"[wechat]\nmp_base", "wechat.mp_base"},
    {"[sms]\nbase_url", "sms.base_url"},
    {"[sms.second]\nbase_url", "sms.second.base_url"},
  };
  for (const auto& [line, key] : addresses)
    EXPECT_TRUE(
      complains(load_text(line + std::string{" = \"http://10.1.1.1\""}),
                "zhiku.toml:2", key))
      << key;
}

TEST_F(settings_test, production_has_no_plain_pushes) {
  EXPECT_TRUE(complains(load_text("[wechat]\nmode = \"plain\"\n"),
                        "zhiku.toml:2", "wechat.mode"));
}

TEST_F(settings_test, production_verifies_a_database_behind_tcp) {
  const std::pair<const char*, bool> strings[] = {
    {"host=/run dbname=zhiku", true},
    {"dbname=zhiku", true},
    {"host=10.0.0.9 dbname=zhiku", false},
    {"host=db sslmode=require", false},
    {"host=/run,10.0.0.9", false},
    {"service=zhiku", false},
    {"hostaddr=10.0.0.9", false},
    {"postgresql://db/zhiku", false},
    {"host=db sslmode=verify-full sslrootcert=/etc/ca.pem", true},
    {"host=", true},
    {"host", false},
  };
  for (const auto& [dsn, taken] : strings) {
    auto env = production;
    env["ZHIKU_DATABASE_DSN"] = dsn;
    EXPECT_NE(complains(load("", environment_of(env)), "ZHIKU_DATABASE_DSN",
                        "database.dsn"),
              taken)
      << dsn;
  }
  auto env = production;
  env["ZHIKU_DATABASE_DSN"] = "host=10.0.0.9";
  env["ZHIKU_DATABASE_ALLOW_UNVERIFIED_TLS"] = "true";
  EXPECT_EQ(all_problems(load("", environment_of(env))), "");
}

// Everything secret in the development file is known to everybody, so each of
// its values alone keeps a production server down.
TEST_F(settings_test, production_takes_no_published_secret) {
  auto path = fs::path{ZHIKU_SOURCE_DIR} / "config/dev.toml";
  auto env = text_map{{"ZHIKU_RUNTIME_DEVELOPMENT", "false"}};
  auto result = load(path.string(), environment_of(env));
  for (auto key :
       {"wechat.app_secret", "wechat.token", "wechat.encoding_aes_key",
        "sms.secret_id", "sms.secret_key", "sms.report_path"})
    EXPECT_TRUE(complains(result, "", key)) << key << all_problems(result);
  auto dev = load(path.string(), environment_of({})).values;
  auto copied = production;
  copied["LOOKUP"] = to_hex(dev.keys.lookup);
  copied["K1"] = to_hex(dev.keys.wrapping.at("dev"));
  auto refused = load("", environment_of(copied));
  EXPECT_TRUE(complains(refused, "", "keys.lookup"));
  EXPECT_TRUE(complains(refused, "", "keys.wrapping"));
}

TEST_F(settings_test, the_example_file_is_the_schema_written_out) {
  auto path = fs::path{ZHIKU_SOURCE_DIR} / "config/zhiku.example.toml";
  EXPECT_TRUE(read(path) == example_toml()) << example_toml();
}

TEST_F(settings_test, the_example_file_has_only_known_good_settings) {
  auto path = fs::path{ZHIKU_SOURCE_DIR} / "config/zhiku.example.toml";
  EXPECT_EQ(all_problems(load(path.string(), environment_of(production))), "");
}

TEST_F(settings_test, the_built_in_notices_are_complete) {
  auto result = load("", environment_of(production));
  EXPECT_EQ(all_problems(result), "");
  const auto& kinds = result.values.notifications.kinds;
  for (auto event :
       {"CASE_SUBMITTED",   "CASE_ACCEPTED",   "CASE_RETURNED",
        "CASE_PASSED",      "EXAM_NOTICE",     "EXAM_OPENING",
        "EXAM_CLOSING",     "EXAM_SCORE",      "EXAM_WAIVED",
        "EXAM_FAILED",      "CASE_REJECTED",   "NOT_APPROVED",
        "APPOINTED",        "CHANGE_APPROVED", "CHANGE_RETURNED",
        "CHANGE_REJECTED",  "PHONE_CHANGED",   "SUSPENSION_STARTED",
        "SUSPENSION_ENDED", "DISMISSED",       "TERM_ENDING_90",
        "TERM_ENDING_30",   "TERM_ENDING_7"})
    EXPECT_NE(kinds.find(event), nullptr) << event;
}

TEST_F(settings_test, own_notices_are_found_beside_the_settings) {
  write("own.toml", "[CASE_RETURNED]\ntitle = \"t\"\npage = \"/h5/\"\n"
                    "sms = \"never\"\nfields = {thing1 = \"{name}\"}\n");
  auto result = load_text("[notifications]\ncatalogue = \"own.toml\"\n");
  EXPECT_TRUE(complains(result, "own.toml", "CASE_RETURNED"))
    << all_problems(result);
  EXPECT_TRUE(
    complains(result, "ZHIKU_SMS_TEMPLATES", "sms.templates.EXAM_NOTICE"));
}

TEST_F(settings_test, templates_are_for_events_that_exist) {
  auto result = load_text("[notifications.templates]\nCASE_RETURNT = \"id\"\n");
  EXPECT_TRUE(
    complains(result, "zhiku.toml:1", "notifications.templates.CASE_RETURNT"))
    << all_problems(result);
}

TEST_F(settings_test, a_second_carrier_is_complete_and_another_one) {
  auto half = load_text("[sms.second]\nsecret_id = \"b\"\n");
  EXPECT_TRUE(complains(half, "", "sms.second.secret_key"));
  auto same = load_text("[sms.second]\nsecret_id = \"id\"\n");
  EXPECT_TRUE(complains(same, "", "sms.second.carrier"));
  auto whole = load_text("[sms.second]\ncarrier = \"aliyun\"\n"
                         "secret_id = \"b\"\nsecret_key = \"k\"\n"
                         "sign_name = \"智库\"\n");
  EXPECT_EQ(all_problems(whole), "");
  EXPECT_EQ(whole.values.sms_second.carrier, sms_carrier::aliyun);
}

TEST_F(settings_test, foreign_pushes_are_taken_unless_told_otherwise) {
  EXPECT_EQ(load("", environment_of(production)).values.wechat.source_check,
            source_policy::warn);
  auto refused = load_text("[wechat]\nsource_check = \"refuse\"\n");
  EXPECT_EQ(refused.values.wechat.source_check, source_policy::refuse);
  auto wrong = load_text("[wechat]\nsource_check = \"on\"\n");
  EXPECT_TRUE(complains(wrong, "zhiku.toml:2", "wechat.source_check"));
}

TEST_F(settings_test, report_paths_cannot_be_guessed) {
  auto result = load_text("[sms]\nreport_path = \"reports\"\n");
  EXPECT_TRUE(complains(result, "zhiku.toml:2", "sms.report_path"));
}

TEST_F(settings_test, the_development_file_is_complete) {
  auto path = fs::path{ZHIKU_SOURCE_DIR} / "config/dev.toml";
  auto result = load(path.string(), environment_of({}));
  EXPECT_EQ(all_problems(result), "");
  EXPECT_EQ(result.values.policy.exam_grace, seconds{2});
  EXPECT_EQ(result.values.policy.exam_min_notice, seconds{0});
  EXPECT_EQ(result.values.policy.sms_gap, seconds{60});
}

} // namespace
} // namespace zhiku::config
