#pragma once
// SQL statements by name. The name stands in logs and metrics, never the text
// with its values, and a test explains the plan of each.

#include <string>
#include <vector>

namespace zhiku::persistence {

/// One statement of the program, with `:name` for its parameters. Define it at
/// namespace scope in a .cpp file: it registers itself and is never copied.
class statement {
public:
  /// @param name  "table_or_duty.what", e.g. "effect.claim"; unique
  statement(std::string name, std::string sql);
  statement(const statement&) = delete;
  statement& operator=(const statement&) = delete;

  const std::string& name() const {
    return name_;
  }
  const std::string& sql() const {
    return sql_;
  }

private:
  friend std::vector<const statement*> all_statements();

  std::string name_;
  std::string sql_;
  const statement* next_;
};

/// Every statement linked into the program, in no order.
std::vector<const statement*> all_statements();

} // namespace zhiku::persistence
