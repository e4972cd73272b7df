#include "persistence/sql_array.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace zhiku::persistence {
namespace {

TEST(sql_array, postgresql_reads_back_what_was_added) {
  test::test_database fresh{test::test_database::schema::empty};
  database db{fresh.dsn()};
  const std::vector<std::string> values{
    "", "plain", R"(quote " and \ backslash)", "{a,b}", "NULL", "中文\n换行",
  };
  sql_array column;
  for (const auto& value : values)
    column.add(value);
  column.add_null();
  EXPECT_EQ(column.size(), values.size() + 1);
  auto literal = column.take();
  EXPECT_EQ(column.size(), 0u);
  std::vector<std::string> read;
  int nulls = 0;
  auto done = db.run([&](soci::session& sql) {
    soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT x FROM unnest(CAST(:a AS text[])) AS u(x)",
       soci::use(literal));
    for (const auto& row : rows)
      if (row.get_indicator(0) == soci::i_null)
        ++nulls;
      else
        read.push_back(row.get<std::string>(0));
  });
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(read, values);
  EXPECT_EQ(nulls, 1);
}

} // namespace
} // namespace zhiku::persistence
