// The small pure rules of the front door.

#include "domain/masking.hpp"
#include "http/api/sms_code.hpp"
#include "http/client_look.hpp"
#include "http/cookies.hpp"
#include "http/cursor.hpp"
#include "http/idempotency.hpp"
#include "http/local_target.hpp"
#include "http/password.hpp"
#include "http/qr.hpp"
#include "http/rate_window.hpp"
#include "http/session.hpp"

#include <set>

using namespace zhiku;
using namespace zhiku::http;

namespace {

const auto noon = *domain::instant_of("2026-11-23T04:00:00Z");

} // namespace

TEST(local_target, takes_our_own_pages) {
  for (auto target : {"/", "/h5/", "/h5/exam?id=1#top", "/h5/%E8%80%83"})
    EXPECT_TRUE(is_local_target(target)) << target;
}

TEST(local_target, refuses_every_way_out) {
  for (std::string_view target :
       {"", "h5", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "https://evil.example", "javascript:alert(1)", "/\t/evil.example",
        "/h5\r\nSet-Cookie: a=b", " /h5", "/h5 x", "/\n/evil.example"})
    EXPECT_FALSE(is_local_target(target)) << target;
  EXPECT_FALSE(is_local_target("/" + std::string(512, 'a')));
}

TEST(masking, hides_the_middle) {
  EXPECT_EQ(domain::mask_phone("13812341234"), "138****1234");
  EXPECT_EQ(domain::mask_phone("1381"), "****");
  EXPECT_EQ(domain::mask_name("张三丰"), "张*");
  EXPECT_EQ(domain::mask_name("Ann"), "A*");
  EXPECT_EQ(domain::mask_name(""), "*");
  EXPECT_EQ(domain::mask_id("440301198503071234"), "440*************34");
  EXPECT_EQ(domain::mask_id("G123456"), "****");
  EXPECT_EQ(domain::mask_address("广东省深圳市福田区莲花路1号"),
            "广东省深圳市****");
  EXPECT_EQ(domain::mask_address("莲花路1号"), "****");
}

TEST(idempotency, binds_a_key_to_its_owner) {
  auto one = command_id_of("k", "owner");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->size(), 64u);
  EXPECT_EQ(*one, *command_id_of("k", "owner"));
  EXPECT_NE(*one, *command_id_of("k", "other"));
  EXPECT_NE(*one, *command_id_of("l", "owner"));
}

TEST(idempotency, tells_requests_apart_by_asker_operation_and_body) {
  auto one = request_digest("owner", "POST /a", {{"x", 1}, {"y", 2}});
  EXPECT_EQ(one, request_digest("owner", "POST /a", {{"y", 2}, {"x", 1}}));
  EXPECT_NE(one, request_digest("other", "POST /a", {{"x", 1}, {"y", 2}}));
  EXPECT_NE(one, request_digest("owner", "POST /b", {{"x", 1}, {"y", 2}}));
  EXPECT_NE(one, request_digest("owner", "POST /a", {{"x", 1}, {"y", 3}}));
}

TEST(idempotency, lets_one_request_of_a_key_be_under_way) {
  requests_in_progress all;
  EXPECT_TRUE(all.enter("a"));
  EXPECT_FALSE(all.enter("a"));
  EXPECT_TRUE(all.enter("b"));
  all.leave("a");
  EXPECT_TRUE(all.enter("a"));
}

TEST(idempotency, no_key_no_memory) {
  EXPECT_EQ(*command_id_of("", "owner"), "");
}

TEST(idempotency, refuses_strange_keys) {
  EXPECT_FALSE(command_id_of(std::string(65, 'a'), "o"));
  EXPECT_FALSE(command_id_of("a b", "o"));
  EXPECT_FALSE(command_id_of("a\x80", "o"));
}

TEST(rate_window, counts_by_address_and_hour) {
  rate_window window{2};
  EXPECT_TRUE(window.admit("10.0.0.1", noon));
  EXPECT_TRUE(window.admit("10.0.0.1", noon + std::chrono::minutes{59}));
  EXPECT_FALSE(window.admit("10.0.0.1", noon + std::chrono::minutes{59}));
  EXPECT_TRUE(window.admit("10.0.0.2", noon + std::chrono::minutes{59}));
  EXPECT_TRUE(window.admit("10.0.0.1", noon + std::chrono::minutes{60}));
}

TEST(rate_window, is_bounded) {
  rate_window window{5, 2};
  EXPECT_TRUE(window.admit("a", noon));
  EXPECT_TRUE(window.admit("b", noon));
  EXPECT_FALSE(window.admit("c", noon));
  EXPECT_TRUE(window.admit("a", noon));
}

TEST(cursor, comes_back_as_it_went) {
  persistence::list_position at{"2026-11-23T04:00:00.000001Z", "some-id"};
  auto back = position_of(to_cursor(at));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->at, at.at);
  EXPECT_EQ(back->id, at.id);
}

TEST(cursor, refuses_what_is_not_ours) {
  for (std::string text :
       {std::string{"%%%"}, std::string{"abc"}, to_cursor({"infinity", "x"}),
        to_cursor({"2026-99-99", "x"})})
    EXPECT_FALSE(position_of(text)) << text;
}

TEST(cursor, ends_with_the_list) {
  domain::json rows = {{{"id", "a"}, {"at", "2026-11-23T04:00:00Z"}},
                       {{"id", "b"}, {"at", "2026-11-23T05:00:00Z"}}};
  auto whole = page_of(rows, 2, "at");
  EXPECT_TRUE(whole["next_cursor"].is_null());
  auto first = page_of(rows, 1, "at");
  EXPECT_EQ(first["items"].size(), 1u);
  EXPECT_EQ(position_of(first["next_cursor"].get<std::string>())->id, "a");
}

TEST(cookies, have_their_guards) {
  response answer;
  set_cookie(answer, cookie::session, "v", {true, std::chrono::seconds{60}});
  set_cookie(answer, cookie::csrf, "c",
             {false, std::chrono::seconds{0}, visibility::pages});
  ASSERT_EQ(answer.headers.size(), 2u);
  EXPECT_EQ(answer.headers[0].second,
            "__Host-zhiku_session=v; Max-Age=60; Path=/; SameSite=Lax; Secure; "
            "HttpOnly");
  EXPECT_EQ(answer.headers[1].second, "zhiku_csrf=c; Path=/; SameSite=Lax");
}

TEST(client_look, names_browser_and_system) {
  const std::pair<const char*, const char*> table[] = {
    {"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, "
     "like Gecko) Chrome/120.0.0.0 Safari/537.36",
     "Chrome 浏览器，Windows 系统"},
    {"Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36 "
     "Edg/120.0.0.0",
     "Edge 浏览器，Windows 系统"},
    {"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 "
     "(KHTML, like Gecko) Version/17.0 Safari/605.1.15",
     "Safari 浏览器，macOS 系统"},
    {"Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0",
     "Firefox 浏览器，Linux 系统"},
    {"Mozilla/5.0 (Linux; Android 14) Chrome/120.0 Mobile Safari/537.36 "
     "MicroMessenger/8.0.50",
     "微信内置浏览器，安卓系统"},
    {"Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 "
     "Mobile/15E148 Safari/604.1",
     "Safari 浏览器，iOS 系统"},
    {"curl/8.0", "未知浏览器，未知系统"},
    {"", "未知浏览器，未知系统"},
  };
  for (const auto& [agent, expected] : table)
    EXPECT_EQ(device_of(agent), expected) << agent;
}

TEST(client_look, masks_the_host_part) {
  EXPECT_EQ(network_of("203.0.113.77"), "203.0.113.*");
  EXPECT_EQ(network_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1::*");
  EXPECT_EQ(network_of("2001:db8::7"), "2001:db8::*");
  EXPECT_EQ(network_of("::1"), "::*");
  EXPECT_EQ(network_of("::ffff:203.0.113.77"), "203.0.113.*");
}

TEST(qr, draws_dark_runs_inside_a_quiet_zone) {
  auto svg = qr_svg("http://weixin.qq.com/q/02xyz");
  ASSERT_TRUE(svg);
  // Version 3 at level M: 29 modules and 4 on each side; its finder pattern
  // begins with a run of seven.
  EXPECT_NE(svg->find("viewBox=\"0 0 37 37\""), std::string::npos);
  EXPECT_NE(svg->find("d=\"M4 4h7v1h-7z"), std::string::npos);
  EXPECT_EQ(*svg, *qr_svg("http://weixin.qq.com/q/02xyz"));
  EXPECT_NE(*svg, *qr_svg("http://weixin.qq.com/q/02xyw"));
  EXPECT_FALSE(qr_svg(""));
  EXPECT_FALSE(qr_svg(std::string(5000, 'a')));
}

TEST(session_secrets, are_derived_of_every_proof) {
  persistence::vault keys{
    {{{"k", std::string(32, 'w')}}, "k", std::string(32, 'l')}};
  auto token = derived_secrets(keys, "oauth", {"state", "code"}).token;
  EXPECT_TRUE(is_token(token));
  EXPECT_EQ(token, derived_secrets(keys, "oauth", {"state", "code"}).token);
  EXPECT_NE(token, derived_secrets(keys, "oauth", {"statec", "ode"}).token);
  EXPECT_NE(token, derived_secrets(keys, "other", {"state", "code"}).token);
  EXPECT_NE(token, derived_secrets(keys, "oauth", {"state", "code"}).csrf);
  persistence::vault others{
    {{{"k", std::string(32, 'w')}}, "k", std::string(32, 'm')}};
  EXPECT_NE(token, derived_secrets(others, "oauth", {"state", "code"}).token);
}

TEST(password, fits_only_itself) {
  auto encoded = hash_password("correct horse");
  EXPECT_TRUE(encoded.starts_with("$argon2id$"));
  EXPECT_TRUE(verify_password(encoded, "correct horse"));
  EXPECT_FALSE(verify_password(encoded, "correct horsf"));
  EXPECT_FALSE(verify_password("nonsense", "correct horse"));
  EXPECT_FALSE(verify_password(decoy_password_hash(), ""));
}

TEST(sms_code, is_six_digits_and_varied) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    auto code = new_sms_code();
    EXPECT_EQ(code.size(), 6u);
    EXPECT_EQ(code.find_first_not_of("0123456789"), std::string::npos);
    seen.insert(code);
  }
  EXPECT_GT(seen.size(), 190u);
}

TEST(sms_code, hash_holds_purpose_phone_and_asker) {
  persistence::vault keys{
    {{{"k", std::string(32, 'w')}}, "k", std::string(32, 'l')}};
  auto hash = [&](const sms_code& what) {
    return send_code(keys, what).data.at("code_hash").get<std::string>();
  };
  sms_code code{"LOGIN", "13800000000", "123456", "me"};
  auto shown = verify_code(keys, code);
  EXPECT_EQ(shown.data.at("code_hash"), hash(code));
  EXPECT_TRUE(shown.pii.empty());
  EXPECT_NE(hash(code), hash({"IDENTITY", "13800000000", "123456", "me"}));
  EXPECT_NE(hash(code), hash({"LOGIN", "13800000001", "123456", "me"}));
  EXPECT_NE(hash(code), hash({"LOGIN", "13800000000", "123456", "you"}));
}
