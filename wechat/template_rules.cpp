#include "wechat/template_rules.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <utility>

namespace zhiku::wechat {

namespace {

constexpr std::u32string_view line_breaks = U"\r\n\u0085\u2028\u2029";
constexpr auto npos = std::string_view::npos;
constexpr char32_t ellipsis = U'…';
constexpr std::u32string_view nothing_to_say = U"无";

bool is_digit(char32_t c) {
  return c >= U'0' && c <= U'9';
}

bool is_letter(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z');
}

/// Printable ASCII.
bool is_plain(char32_t c) {
  return c >= U' ' && c < 0x7F;
}

bool is_symbol(char32_t c) {
  return is_plain(c) && c != U' ' && !is_digit(c) && !is_letter(c);
}

/// The common blocks of Chinese characters, and the dot inside names.
bool is_chinese(char32_t c) {
  return (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF)
         || (c >= 0x20000 && c <= 0x3FFFF) || c == U'·';
}

bool is_line_break(char32_t c) {
  return line_breaks.find(c) != std::u32string_view::npos;
}

template <class Predicate>
bool all(std::u32string_view text, Predicate matches) {
  return std::all_of(text.begin(), text.end(), matches);
}

template <class Predicate>
bool any(std::u32string_view text, Predicate matches) {
  return std::any_of(text.begin(), text.end(), matches);
}

/// Reads a text of a fixed form from its front. Not std::regex, which recurses
/// with each character and so lets a long text exhaust the stack.
class form_reader {
public:
  explicit form_reader(std::string_view text) : rest_(text) {
    // nop
  }

  /// Takes as many digits as there are, at most `most`.
  bool digits(std::size_t least, std::size_t most) {
    auto count = std::min(rest_.find_first_not_of("0123456789"), rest_.size());
    count = std::min(count, most);
    rest_.remove_prefix(count);
    return count >= least;
  }

  bool literal(std::string_view text) {
    if (!rest_.starts_with(text))
      return false;
    rest_.remove_prefix(text.size());
    return true;
  }

  bool any_of(std::initializer_list<std::string_view> texts) {
    return std::any_of(texts.begin(), texts.end(),
                       [this](std::string_view text) { return literal(text); });
  }

  bool at_end() const {
    return rest_.empty();
  }

private:
  std::string_view rest_;
};

/// 15:01 or 15:01:30
bool takes_clock(form_reader& from) {
  return from.digits(1, 2) && from.literal(":") && from.digits(2, 2)
         && (!from.literal(":") || from.digits(2, 2));
}

/// 2019年10月1日, 2019-10-01, 2019/10/1 or 2019.10.1
bool takes_day(form_reader& from) {
  if (!from.digits(4, 4))
    return false;
  if (from.literal("年"))
    return from.digits(1, 2) && from.literal("月") && from.digits(1, 2)
           && from.literal("日");
  return from.any_of({"-", "/", "."}) && from.digits(1, 2)
         && from.any_of({"-", "/", "."}) && from.digits(1, 2);
}

/// Digits, and a fraction if there is a point.
bool takes_number(form_reader& from, std::size_t most) {
  return from.digits(1, most) && (!from.literal(".") || from.digits(1, npos));
}

bool is_date(std::string_view text) {
  form_reader from{text};
  if (!takes_day(from))
    return false;
  if (from.at_end())
    return true;
  from.literal(" ");
  return takes_clock(from) && from.at_end();
}

bool is_time(std::string_view text) {
  form_reader from{text};
  return (takes_clock(from) && from.at_end()) || is_date(text);
}

bool is_number(std::string_view text) {
  form_reader from{text};
  return text.size() <= 33 && takes_number(from, 32) && from.at_end();
}

bool is_amount(std::string_view text) {
  form_reader from{text};
  from.any_of({"¥", "￥", "$", "€", "£"});
  if (!takes_number(from, 10))
    return false;
  from.literal("元");
  return from.at_end();
}

/// One moment, or two joined by `~`.
template <class Predicate>
bool is_range_of(std::string_view text, Predicate is_one) {
  auto tilde = text.find('~');
  if (tilde == std::string_view::npos)
    return is_one(text);
  auto trimmed = [](std::string_view part) {
    while (part.starts_with(' '))
      part.remove_prefix(1);
    while (part.ends_with(' '))
      part.remove_suffix(1);
    return part;
  };
  return is_one(trimmed(text.substr(0, tilde)))
         && is_one(trimmed(text.substr(tilde + 1)));
}

/// The most characters of a type whose only rule, besides its alphabet, is
/// length; 0 for types with a fixed form or none.
std::size_t limit_of(field_type type, std::u32string_view text) {
  switch (type) {
  case field_type::thing:
    return 20;
  case field_type::short_thing:
  case field_type::symbol:
  case field_type::phrase:
    return 5;
  case field_type::character_string:
  case field_type::letter:
    return 32;
  case field_type::phone_number:
    return 17;
  case field_type::car_number:
    return 8;
  case field_type::name:
    return any(text, is_chinese) ? 10 : 20;
  default:
    return 0;
  }
}

/// The alphabet and form of each type, length apart.
bool has_form(field_type type, std::string_view text,
              std::u32string_view characters) {
  switch (type) {
  case field_type::thing:
  case field_type::short_thing:
  case field_type::name:
  case field_type::car_number:
    return !any(characters, is_line_break);
  case field_type::character_string:
    return all(characters, is_plain);
  case field_type::letter:
    return all(characters, is_letter);
  case field_type::symbol:
    return all(characters, is_symbol);
  case field_type::phone_number:
    return all(characters,
               [](char32_t c) { return is_digit(c) || is_symbol(c); });
  case field_type::phrase:
    return all(characters, is_chinese);
  case field_type::number:
    return is_number(text);
  case field_type::amount:
    return is_amount(text);
  case field_type::time:
    return is_range_of(text, is_time);
  case field_type::date:
    return is_range_of(text, is_date);
  case field_type::constant:
  case field_type::free:
    return true;
  }
  return false;
}

bool may_end_in_ellipsis(field_type type) {
  return type == field_type::thing || type == field_type::short_thing
         || type == field_type::name;
}

} // namespace

field_type type_of_field(std::string_view field) {
  static constexpr auto types =
    std::to_array<std::pair<std::string_view, field_type>>({
      {"thing", field_type::thing},
      {"short_thing", field_type::short_thing},
      {"character_string", field_type::character_string},
      {"number", field_type::number},
      {"letter", field_type::letter},
      {"symbol", field_type::symbol},
      {"time", field_type::time},
      {"date", field_type::date},
      {"amount", field_type::amount},
      {"phone_number", field_type::phone_number},
      {"car_number", field_type::car_number},
      {"name", field_type::name},
      {"phrase", field_type::phrase},
      {"const", field_type::constant},
      {"enum_string", field_type::constant},
    });
  auto digits = field.find_last_not_of("0123456789");
  if (digits == std::string_view::npos || digits + 1 == field.size())
    return field_type::free;
  auto stem = field.substr(0, digits + 1);
  for (const auto& [name, type] : types)
    if (name == stem)
      return type;
  return field_type::free;
}

bool fits_field(std::string_view field, std::string_view value) {
  auto characters = characters_of(value);
  auto type = type_of_field(field);
  if (!characters)
    return false;
  if (type == field_type::free)
    return true;
  auto limit = limit_of(type, *characters);
  return !characters->empty() && (limit == 0 || characters->size() <= limit)
         && has_form(type, value, *characters);
}

std::string fitted_to_field(std::string_view field, std::string_view value) {
  auto characters = characters_of(value);
  auto type = type_of_field(field);
  if (!characters || type == field_type::free)
    return std::string{value};
  if (characters->empty())
    *characters = nothing_to_say;
  std::replace_if(characters->begin(), characters->end(), is_line_break, U' ');
  auto limit = limit_of(type, *characters);
  if (limit != 0 && characters->size() > limit) {
    characters->resize(limit);
    if (may_end_in_ellipsis(type))
      characters->back() = ellipsis;
  }
  return utf8_of(*characters);
}

std::vector<std::string> fields_of_template(std::string_view content) {
  constexpr std::string_view opening = "{{";
  constexpr std::string_view closing = ".DATA}}";
  std::vector<std::string> out;
  for (auto end = content.find(closing); end != std::string_view::npos;
       end = content.find(closing)) {
    auto before = content.substr(0, end);
    auto begin = before.rfind(opening);
    if (begin != std::string_view::npos)
      out.emplace_back(before.substr(begin + opening.size()));
    content.remove_prefix(end + closing.size());
  }
  return out;
}

} // namespace zhiku::wechat
