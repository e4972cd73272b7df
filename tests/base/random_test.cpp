#include "base/random.hpp"

#include <regex>
#include <set>

#include <sys/wait.h>
#include <unistd.h>

namespace zhiku {
namespace {

constexpr int many = 10'000;

TEST(random_bytes, gives_as_many_as_asked) {
  EXPECT_EQ(random_bytes(0).size(), 0u);
  EXPECT_EQ(random_bytes(33).size(), 33u);
  EXPECT_NE(random_bytes(16), random_bytes(16));
}

TEST(random_bytes, come_in_any_number) {
  for (std::size_t size : {1, 1023, 1024, 1025, 5000})
    EXPECT_EQ(random_bytes(size).size(), size);
  std::set<std::string> seen;
  for (int i = 0; i < many; ++i)
    EXPECT_TRUE(seen.insert(random_bytes(7)).second);
}

TEST(random_bytes, are_others_in_a_forked_child) {
  random_bytes(1); // so that there is a reserve to inherit
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  auto child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    auto theirs = random_bytes(16);
    auto told = ::write(ends[1], theirs.data(), theirs.size());
    ::_exit(told == 16 ? 0 : 1);
  }
  std::string theirs(16, '\0');
  EXPECT_EQ(::read(ends[0], theirs.data(), theirs.size()), 16);
  EXPECT_NE(theirs, random_bytes(16));
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  ::close(ends[0]);
  ::close(ends[1]);
}

TEST(new_uuid, has_the_shape_of_version_7) {
  const std::regex shape{
    "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"};
  EXPECT_TRUE(std::regex_match(new_uuid(), shape));
}

TEST(new_uuid, never_repeats_and_its_milliseconds_never_fall) {
  std::set<std::string> seen;
  std::string latest;
  for (int i = 0; i < many; ++i) {
    auto id = new_uuid();
    EXPECT_TRUE(seen.insert(id).second);
    auto milliseconds = id.substr(0, 13);
    EXPECT_LE(latest, milliseconds);
    latest = milliseconds;
  }
}

TEST(new_token, is_43_url_safe_characters) {
  EXPECT_TRUE(std::regex_match(new_token(), std::regex{"[A-Za-z0-9_-]{43}"}));
  EXPECT_NE(new_token(), new_token());
}

} // namespace
} // namespace zhiku
