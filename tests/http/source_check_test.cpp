// Genuine pushes from where the platform does not say it calls (PROTOCOL 7).

#include "test_site.hpp"

#include "http/source_check.hpp"
#include "wechat/push.hpp"
#include "wechat/signature.hpp"

#include <algorithm>

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

constexpr auto listed = "101.226.103.1";
constexpr auto unlisted = "192.0.2.1";

class source_check_test : public site_test {
protected:
  source_check_test() {
    where.known_source = [](const std::string& address) {
      return address == listed;
    };
  }

  void refuse() {
    where.how.refuse_foreign_pushes = true;
    where.rebuild();
  }

  response push_from(const std::string& address,
                     const std::string& token = callback_token,
                     header_map headers = {}) {
    wechat::push what;
    what.to_user = "gh_1";
    what.from_user = "openid-1";
    what.msg_type = "event";
    what.event = "subscribe";
    request asked;
    asked.method = "POST";
    asked.target = "/wechat/callback?signature="
                   + wechat::signature_of({token, "1700000000", "nonce"})
                   + "&timestamp=1700000000&nonce=nonce";
    asked.headers = std::move(headers);
    asked.body = wechat::to_xml(what);
    asked.remote_address = address;
    return where.ask(std::move(asked));
  }

  std::string foreign_pushes() {
    auto text =
      prometheus::TextSerializer{}.Serialize(where.registry->Collect());
    std::string name = "\nzhiku_wechat_foreign_pushes_total ";
    auto at = text.find(name);
    if (at == std::string::npos)
      return {};
    at += name.size();
    return text.substr(at, text.find('\n', at) - at);
  }

  std::string pushes() {
    return where.sql_text("SELECT CAST(count(*) AS text) FROM wechat_push");
  }
};

} // namespace

TEST_F(source_check_test, a_foreign_push_is_counted_and_taken) {
  where.rebuild();
  EXPECT_EQ(push_from(unlisted).status, 200);
  EXPECT_EQ(push_from(listed).status, 200);
  EXPECT_EQ(foreign_pushes(), "1");
  EXPECT_EQ(pushes(), "1");
}

TEST_F(source_check_test, a_foreign_push_is_refused_where_that_is_wanted) {
  refuse();
  EXPECT_EQ(push_from(unlisted).status, 403);
  EXPECT_EQ(foreign_pushes(), "1");
  EXPECT_EQ(pushes(), "0");
  EXPECT_EQ(push_from(listed).status, 200);
}

TEST_F(source_check_test, a_listed_address_is_no_signature) {
  refuse();
  EXPECT_EQ(push_from(listed, "another token").status, 403);
  EXPECT_EQ(push_from(unlisted, "another token").status, 403);
  EXPECT_EQ(foreign_pushes(), "0");
}

TEST_F(source_check_test, behind_a_proxy_the_client_counts) {
  where.how.trusted_proxies =
    ip_ranges::of(std::vector<std::string>{"127.0.0.1"}).ranges;
  refuse();
  auto for_client = [&](const std::string& address) {
    return push_from("127.0.0.1", callback_token,
                     {{"X-Forwarded-For", address}});
  };
  EXPECT_EQ(for_client(listed).status, 200);
  EXPECT_EQ(for_client(unlisted).status, 403);
}

TEST_F(source_check_test, without_a_list_nobody_is_foreign) {
  where.known_source = {};
  refuse();
  EXPECT_EQ(push_from(unlisted).status, 200);
  EXPECT_EQ(foreign_pushes(), "0");
}

TEST_F(source_check_test, a_flood_is_told_once_a_minute) {
  prometheus::Registry registry;
  source_check check{[](const std::string&) { return false; },
                     source_check::foreign::admitted, registry};
  auto lines_at = [&](std::vector<int> seconds_of_pushes) {
    testing::internal::CaptureStderr();
    for (auto second : seconds_of_pushes)
      EXPECT_TRUE(
        check.admits(unlisted, gateway.clock + std::chrono::seconds{second}));
    auto text = testing::internal::GetCapturedStderr();
    return std::count(text.begin(), text.end(), '\n');
  };
  EXPECT_EQ(lines_at({0, 1, 59}), 1);
  EXPECT_EQ(lines_at({60, 61}), 1);
}
