#include "wechat/oauth.hpp"

#include <gtest/gtest.h>

namespace zhiku::wechat {

TEST(oauth, authorize_url_keeps_the_order_and_the_fragment) {
  EXPECT_EQ(authorize_url("https://open.weixin.qq.com", "wx1",
                          "https://zhiku.example/wechat/oauth?to=/h5/",
                          scope_base, "a1B2"),
            "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1"
            "&redirect_uri=https%3A%2F%2Fzhiku.example%2Fwechat%2Foauth%3Fto"
            "%3D%2Fh5%2F&response_type=code&scope=snsapi_base&state=a1B2"
            "#wechat_redirect");
}

TEST(oauth, qrconnect_url_asks_for_login) {
  EXPECT_EQ(qrconnect_url("https://open.weixin.qq.com", "wxweb",
                          "https://zhiku.example/pc/login", "a1B2"),
            "https://open.weixin.qq.com/connect/qrconnect?appid=wxweb"
            "&redirect_uri=https%3A%2F%2Fzhiku.example%2Fpc%2Flogin"
            "&response_type=code&scope=snsapi_login&state=a1B2"
            "#wechat_redirect");
}

TEST(oauth, state_is_letters_and_digits_within_128) {
  EXPECT_TRUE(is_carried_state(std::string(128, 'a')));
  EXPECT_FALSE(is_carried_state(std::string(129, 'a')));
  EXPECT_FALSE(is_carried_state(""));
  EXPECT_FALSE(is_carried_state("a-b"));
  EXPECT_FALSE(is_carried_state("a_b"));
}

} // namespace zhiku::wechat
