#include "http/session.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace std::chrono_literals;

namespace {

const auto start = *domain::instant_of("2026-11-23T04:00:00Z");

session one(std::string hash, std::string applicant = "a") {
  session made;
  made.token_hash = std::move(hash);
  made.kind = "PERSON";
  made.applicant_id = std::move(applicant);
  made.seen_at = start;
  made.expires_at = start + 1h;
  return made;
}

session_limits limits_of(std::size_t entries) {
  session_limits made;
  made.cached = 5s;
  made.staff_cached = 1s;
  made.cache_entries = entries;
  return made;
}

} // namespace

TEST(session, ends_when_idle_expired_or_revoked) {
  auto login = one("h");
  EXPECT_TRUE(is_live(login, start + 9min, 10min));
  EXPECT_FALSE(is_live(login, start + 10min, 10min));
  EXPECT_FALSE(is_live(login, start + 1h, 2h));
  login.revoked = true;
  EXPECT_FALSE(is_live(login, start, 10min));
}

TEST(session, tokens_have_one_form) {
  EXPECT_TRUE(is_token(std::string(43, 'a')));
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token(std::string(44, 'a')));
  EXPECT_FALSE(is_token(std::string(42, 'a') + "'"));
}

TEST(session_cache, forgets_after_its_time) {
  session_cache cache{limits_of(10)};
  cache.put(one("h"), start, cache.revision());
  EXPECT_TRUE(cache.find("h", start + 4s));
  EXPECT_FALSE(cache.find("h", start + 5s));
}

TEST(session_cache, staff_are_read_anew_each_second) {
  session_cache cache{limits_of(10)};
  auto staff = one("h", "");
  staff.kind = "STAFF";
  cache.put(staff, start, cache.revision());
  EXPECT_TRUE(cache.find("h", start + 999ms));
  EXPECT_FALSE(cache.find("h", start + 1s));
}

TEST(session_cache, revocation_counts_at_once) {
  session_cache cache{limits_of(10)};
  cache.put(one("h"), start, cache.revision());
  cache.forget("h");
  EXPECT_FALSE(cache.find("h", start));
}

TEST(session_cache, nothing_read_before_a_revocation_comes_back) {
  session_cache cache{limits_of(10)};
  auto before = cache.revision();
  cache.forget("h");
  cache.put(one("h"), start, before);
  EXPECT_FALSE(cache.find("h", start));
}

TEST(session_cache, logout_everywhere_spares_others) {
  session_cache cache{limits_of(10)};
  cache.put(one("h1", "a"), start, 0);
  cache.put(one("h2", "a"), start, 0);
  cache.put(one("h3", "b"), start, 0);
  cache.put(one("h4", ""), start, 0);
  cache.forget_like(one("h1", "a"));
  EXPECT_FALSE(cache.find("h1", start));
  EXPECT_FALSE(cache.find("h2", start));
  EXPECT_TRUE(cache.find("h3", start));
  EXPECT_TRUE(cache.find("h4", start));
}

TEST(session_cache, visitors_are_told_apart_by_token) {
  session_cache cache{limits_of(10)};
  cache.put(one("h1", ""), start, 0);
  cache.put(one("h2", ""), start, 0);
  cache.forget_like(one("h1", ""));
  EXPECT_FALSE(cache.find("h1", start));
  EXPECT_TRUE(cache.find("h2", start));
}

TEST(session_cache, is_bounded) {
  session_cache cache{limits_of(2)};
  for (auto hash : {"h1", "h2", "h3"})
    cache.put(one(hash), start, 0);
  int held = 0;
  for (auto hash : {"h1", "h2", "h3"})
    held += cache.find(hash, start) ? 1 : 0;
  EXPECT_EQ(held, 2);
  EXPECT_TRUE(cache.find("h3", start));
}
