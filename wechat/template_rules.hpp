#pragma once
// Which texts a template field takes (PROTOCOL 5). Category templates refuse
// the whole message (47003) when one field breaks its rule. Pure, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::wechat {

enum class field_type : std::uint8_t {
  thing,
  short_thing,
  character_string,
  number,
  letter,
  symbol,
  time,
  date,
  amount,
  phone_number,
  car_number,
  name,
  phrase,
  constant, ///< `constN` and `enum_stringN`: approved values, byte for byte
  free,     ///< `first`, `keywordN`, …: the old library cuts, never refuses
};

/// The type a field's name tells: `thing2` is a thing.
field_type type_of_field(std::string_view field);

/// Whether the platform takes `value` in `field`. Of a constant only emptiness
/// is known to us.
bool fits_field(std::string_view field, std::string_view value);

/// `value` made to fit `field` as far as shortening can: line breaks become
/// spaces, too much is cut and ends in "…" where the type allows it, empty
/// becomes "无". Types with a fixed form come back as they are, so check with
/// `fits_field` afterwards.
std::string fitted_to_field(std::string_view field, std::string_view value);

/// The fields that a template's `content` asks for, in its order: those in
/// `{{thing2.DATA}}`.
std::vector<std::string> fields_of_template(std::string_view content);

} // namespace zhiku::wechat
