#include "persistence/statement.hpp"

#include <utility>

namespace zhiku::persistence {

namespace {

// Filled before `main` only, on one thread.
const statement* first_statement = nullptr;

} // namespace

statement::statement(std::string name, std::string sql)
    : name_(std::move(name)), sql_(std::move(sql)),
      next_(std::exchange(first_statement, this)) {
  // nop
}

std::vector<const statement*> all_statements() {
  std::vector<const statement*> all;
  for (const auto* one = first_statement; one != nullptr; one = one->next_)
    all.push_back(one);
  return all;
}

} // namespace zhiku::persistence
