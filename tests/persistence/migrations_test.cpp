#include "persistence/migrations.hpp"
#include "tests/support/test_database.hpp"

#include <numeric>
#include <thread>

#include <gtest/gtest.h>

namespace zhiku::persistence {
namespace {

using test::test_database;

const std::vector<migration> two{
  {1, "V001__a.sql", "CREATE TABLE a (x int)"},
  {2, "V002__b.sql", "CREATE TABLE b (x int); CREATE INDEX b_x ON b (x)"},
};

TEST(migrations, apply_once_and_in_order) {
  test_database fresh{test_database::schema::empty};
  database db{fresh.dsn()};
  auto first = migrate(db, two);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(*first, (std::vector<std::string>{"V001__a.sql", "V002__b.sql"}));
  auto second = migrate(db, two);
  ASSERT_TRUE(second.ok());
  EXPECT_TRUE(second->empty());
}

TEST(migrations, refuse_an_applied_one_that_was_changed) {
  test_database fresh{test_database::schema::empty};
  database db{fresh.dsn()};
  ASSERT_TRUE(migrate(db, two).ok());
  auto changed = two;
  changed[0].sql += " ";
  auto refused = migrate(db, changed);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, domain::errc::state_conflict);
  EXPECT_NE(refused.error().detail.find("V001__a.sql"), std::string::npos);
}

TEST(migrations, refuse_a_database_newer_than_the_program) {
  test_database fresh{test_database::schema::empty};
  database db{fresh.dsn()};
  ASSERT_TRUE(migrate(db, two).ok());
  EXPECT_FALSE(migrate(db, {two[0]}).ok());
}

TEST(migrations, a_failing_one_leaves_nothing_behind) {
  test_database fresh{test_database::schema::empty};
  database db{fresh.dsn()};
  auto broken = two;
  broken[1].sql = "CREATE TABLE b (x int); SELECT no_such_function()";
  EXPECT_FALSE(migrate(db, broken).ok());
  auto applied = migrate(db, two);
  ASSERT_TRUE(applied.ok());
  EXPECT_EQ(applied->size(), 2u);
}

TEST(migrations, several_nodes_at_once_apply_each_once) {
  test_database fresh{test_database::schema::empty};
  std::vector<std::thread> nodes;
  std::vector<std::size_t> applied(4, 99);
  for (std::size_t i = 0; i < applied.size(); ++i)
    nodes.emplace_back([&, i] {
      database db{fresh.dsn()};
      if (auto done = migrate(db, two))
        applied[i] = done->size();
    });
  for (auto& node : nodes)
    node.join();
  EXPECT_EQ(std::accumulate(applied.begin(), applied.end(), std::size_t{0}),
            two.size());
}

} // namespace
} // namespace zhiku::persistence
