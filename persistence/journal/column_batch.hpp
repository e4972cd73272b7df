#pragma once
// Rows gathered for one statement. Each column says once what it is called, of
// what type its array is, how a row fills it and what becomes of it in SQL; the
// statement's text, its parameters and their order all come from that list.

#include "persistence/sql_array.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <vector>

namespace zhiku::persistence {

template <class Row>
struct column {
  const char* name; ///< of the table and of the unnested row `u`
  const char* type; ///< of the array's elements
  void (*put)(sql_array&, const Row&);
  const char* value = nullptr; ///< in terms of `u`; null: `u.name` as it is
};

/// "u(a, b)" with the arrays bound as ":a", ":b".
template <class Row, std::size_t Size>
std::string unnested(const column<Row> (&columns)[Size]) {
  std::string arrays, names;
  for (const auto& one : columns) {
    const char* comma = arrays.empty() ? "" : ", ";
    arrays.append(comma).append("CAST(:").append(one.name).append(" AS ");
    arrays.append(one.type).append("[])");
    names.append(comma).append(one.name);
  }
  return "unnest(" + arrays + ") AS u(" + names + ")";
}

/// "INSERT INTO table (a, b) SELECT u.a, u.b FROM unnest(…) AS u(a, b) tail".
template <class Row, std::size_t Size>
std::string insert_of(const std::string& table,
                      const column<Row> (&columns)[Size],
                      const std::string& tail = "") {
  std::string names, values;
  for (const auto& one : columns) {
    const char* comma = names.empty() ? "" : ", ";
    names.append(comma).append(one.name);
    values.append(comma);
    values += one.value != nullptr ? one.value : std::string{"u."} + one.name;
  }
  return "INSERT INTO " + table + " (" + names + ") SELECT " + values + " FROM "
         + unnested(columns) + tail;
}

template <class Row, std::size_t Size>
class column_batch {
public:
  /// `columns` must outlive this.
  explicit column_batch(const column<Row> (&columns)[Size])
      : columns_(columns) {
    // nop
  }

  void add(const Row& row) {
    for (std::size_t i = 0; i < Size; ++i)
      columns_[i].put(arrays_[i], row);
  }

  bool empty() const {
    return arrays_[0].size() == 0;
  }

  /// The arrays in the order of the columns; empty again afterwards.
  std::vector<std::string> take() {
    std::vector<std::string> all;
    for (auto& one : arrays_)
      all.push_back(one.take());
    return all;
  }

private:
  const column<Row> (&columns_)[Size];
  std::array<sql_array, Size> arrays_;
};

} // namespace zhiku::persistence
