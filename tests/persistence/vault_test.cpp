#include "persistence/vault.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace zhiku::persistence {
namespace {

using nlohmann::json;

key_ring old_keys() {
  return {{{"k1", std::string(32, 'a')}}, "k1", "lookup"};
}

key_ring rotated_keys() {
  auto keys = old_keys();
  keys.wrapping.emplace("k2", std::string(32, 'b'));
  keys.current = "k2";
  return keys;
}

class vault_test : public testing::Test {
protected:
  std::string seal(vault& keys, const std::string& subject, const json& what) {
    std::string sealed;
    auto done = db.run([&](soci::session& sql) {
      keys.ensure_key(sql, subject);
      sealed = keys.seal(sql, subject, what);
    });
    EXPECT_TRUE(done.ok());
    return sealed;
  }

  domain::result<json> open(vault& keys, const std::string& subject,
                            const std::string& sealed) {
    domain::result<json> opened{domain::errc::internal};
    auto done = db.run(
      [&](soci::session& sql) { opened = keys.open(sql, subject, sealed); });
    EXPECT_TRUE(done.ok());
    return opened;
  }

  test::test_database fresh;
  database db{fresh.dsn()};
  const json clear{{"name", "张三"}, {"phone", "13800138000"}};
};

TEST_F(vault_test, opens_what_it_sealed_and_hides_it) {
  vault keys{old_keys()};
  auto sealed = seal(keys, "person-1", clear);
  EXPECT_EQ(sealed.find("138"), std::string::npos);
  EXPECT_NE(sealed, seal(keys, "person-1", clear)) << "a nonce was used twice";
  auto opened = open(keys, "person-1", sealed);
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(*opened, clear);
}

TEST_F(vault_test, another_process_opens_it_from_the_stored_key) {
  vault writer{old_keys()};
  auto sealed = seal(writer, "person-1", clear);
  vault reader{old_keys()};
  EXPECT_EQ(open(reader, "person-1", sealed).value(), clear);
}

TEST_F(vault_test, refuses_what_was_tampered_with_or_is_another_persons) {
  vault keys{old_keys()};
  auto sealed = seal(keys, "person-1", clear);
  seal(keys, "person-2", clear);
  EXPECT_FALSE(open(keys, "person-2", sealed).ok());
  sealed[sealed.size() / 2] = sealed[sealed.size() / 2] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(open(keys, "person-1", sealed).ok());
}

TEST_F(vault_test, edge_87_old_texts_stay_readable_after_key_rotation) {
  vault before{old_keys()};
  auto persons = seal(before, "person-1", clear);
  auto nobodys = seal(before, "", clear);
  vault after{rotated_keys()};
  EXPECT_EQ(open(after, "person-1", persons).value(), clear);
  EXPECT_EQ(open(after, "", nobodys).value(), clear);
  auto fresh_text = seal(after, "person-2", clear);
  vault without_new{old_keys()};
  auto done = db.run([&](soci::session& sql) {
    (void)without_new.open(sql, "person-2", fresh_text);
  });
  EXPECT_FALSE(done.ok()) << "a key the configuration lacks was made up";
}

TEST_F(vault_test, destroying_a_key_erases_the_person) {
  vault keys{old_keys()};
  auto sealed = seal(keys, "person-1", clear);
  ASSERT_TRUE(
    db.run([&](soci::session& sql) { keys.erase(sql, "person-1"); }).ok());
  EXPECT_EQ(open(keys, "person-1", sealed).value(), json::object());
}

TEST_F(vault_test, look_up_hashes_are_keyed_and_stable) {
  vault keys{old_keys()};
  auto other = old_keys();
  other.lookup = "another";
  EXPECT_EQ(keys.lookup_hash("13800138000"), keys.lookup_hash("13800138000"));
  EXPECT_NE(keys.lookup_hash("13800138000"), keys.lookup_hash("13800138001"));
  EXPECT_NE(keys.lookup_hash("13800138000"),
            vault{other}.lookup_hash("13800138000"));
}

TEST(vault_keys, must_be_whole) {
  EXPECT_THROW((vault{key_ring{{{"k", "short"}}, "k", "l"}}),
               std::invalid_argument);
  EXPECT_THROW((vault{key_ring{{}, "k", "l"}}), std::invalid_argument);
}

} // namespace
} // namespace zhiku::persistence
