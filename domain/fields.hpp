#pragma once
// Reading JSON that somebody else wrote. Nothing here throws: what is absent
// or of another type reads as absent.

#include "domain/entity.hpp"

namespace zhiku::domain {

/// The member `key`; null when `object` is no object or has none, or a null.
const json* find(const json& object, std::string_view key);

/// The text `key`, or "". The view lives as long as `object`.
std::string_view text_at(const json& object, std::string_view key);

std::optional<std::int64_t> integer_at(const json& object,
                                       std::string_view key);

/// Whether `key` is there and true.
bool flag_at(const json& object, std::string_view key);

std::optional<instant> instant_at(const json& object, std::string_view key);

/// The texts in the list `key`; other elements are left out.
std::vector<std::string> texts_at(const json& object, std::string_view key);

/// The object `key`, or an empty one.
json object_at(const json& object, std::string_view key);

/// The instant as JSON text, or null.
json to_json(const std::optional<instant>& at);

/// Refuses the whole command for these fields.
refusal invalid(std::vector<field_error> fields);

/// Refuses the whole command for one field.
refusal invalid(std::string_view field, std::string_view code,
                std::string_view message);

/// Collects what is wrong while a command is read, so that all of it is told
/// at once.
class field_reader {
public:
  /// `source` must outlive the reader.
  explicit field_reader(const json& source);

  /// A text of 1 to `most` bytes of well-formed UTF-8.
  std::string text(std::string_view key, std::size_t most = 200);

  /// The same, or "" when it is absent.
  std::string optional_text(std::string_view key, std::size_t most = 200);

  /// An integer in [least, most].
  std::int64_t integer(std::string_view key, std::int64_t least,
                       std::int64_t most);

  instant at(std::string_view key);

  /// A text that is one of `allowed`.
  std::string choice(std::string_view key,
                     std::initializer_list<std::string_view> allowed);

  void complain(std::string_view key, std::string_view code,
                std::string_view message);

  bool ok() const {
    return errors_.empty();
  }
  refusal refused() const {
    return invalid(errors_);
  }

private:
  const json& source_;
  std::vector<field_error> errors_;
};

} // namespace zhiku::domain
