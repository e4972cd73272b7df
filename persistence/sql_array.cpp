#include "persistence/sql_array.hpp"

#include <utility>

namespace zhiku::persistence {

void sql_array::separate() {
  if (size_++ > 0)
    text_.push_back(',');
}

void sql_array::add(std::string_view value) {
  separate();
  text_.push_back('"');
  for (auto c : value) {
    if (c == '"' || c == '\\')
      text_.push_back('\\');
    text_.push_back(c);
  }
  text_.push_back('"');
}

void sql_array::add_number(std::int64_t value) {
  separate();
  text_ += std::to_string(value);
}

void sql_array::add_null() {
  separate();
  text_ += "NULL";
}

std::string sql_array::take() {
  text_.push_back('}');
  size_ = 0;
  return std::exchange(text_, "{");
}

std::string sql_array_of(std::span<const std::string> values) {
  sql_array all;
  for (const auto& value : values)
    all.add(value);
  return all.take();
}

} // namespace zhiku::persistence
