#include "sandbox/settings.hpp"

#include <cstdio>
#include <fstream>

#include <gtest/gtest.h>

namespace zhiku::sandbox {

namespace {

std::string file_with(const std::string& name, const std::string& content) {
  auto path = testing::TempDir() + name;
  std::ofstream{path} << content;
  return path;
}

} // namespace

TEST(settings, takes_the_account_of_a_configuration_file) {
  auto path = file_with("sandbox_settings.toml",
                        "[wechat]\napp_id = \"wx1\"\nmode = \"plain\"\n"
                        "[sms]\nsecret_id = \"id\"\n");
  std::string problem;
  auto got = load_settings(path, {}, problem);
  std::remove(path.c_str());
  ASSERT_TRUE(got) << problem;
  EXPECT_EQ(got->app_id, "wx1");
  EXPECT_EQ(got->mode, wechat::push_mode::plain);
  EXPECT_EQ(got->sms_secret_id, "id");
  EXPECT_EQ(got->app_secret, settings{}.app_secret);
}

TEST(settings, says_what_is_wrong_with_a_file) {
  auto path = file_with("sandbox_broken.toml", "[wechat\n");
  std::string problem;
  EXPECT_FALSE(load_settings(path, {}, problem));
  std::remove(path.c_str());
  EXPECT_FALSE(problem.empty());
}

} // namespace zhiku::sandbox
