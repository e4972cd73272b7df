#include "base/lenient_json.hpp"

#include "base/utf8.hpp"

#include <charconv>
#include <optional>

namespace zhiku {

using nlohmann::json;

namespace {

constexpr std::size_t unicode_escape = 6; // \u0000
constexpr std::string_view simple_escapes = "\"\\/bfnrt";

/// What the `\u` escape that `text` begins with stands for.
std::optional<unsigned> code_unit(std::string_view text) {
  if (text.size() < unicode_escape || !text.starts_with("\\u"))
    return std::nullopt;
  unsigned unit = 0;
  const auto* last = text.data() + unicode_escape;
  auto [end, error] = std::from_chars(text.data() + 2, last, unit, 16);
  if (error != std::errc{} || end != last)
    return std::nullopt;
  return unit;
}

bool is_high(unsigned unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}

bool is_low(unsigned unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Rewrites the strings of a text so that JSON takes them.
class string_mender {
public:
  explicit string_mender(std::string_view text) : rest_(text) {
    out_.reserve(text.size());
  }

  std::string run() {
    while (!rest_.empty())
      if (!inside_)
        outside();
      else if (rest_.front() == '\\')
        escape();
      else
        character();
    return std::move(out_);
  }

private:
  void outside() {
    inside_ = rest_.front() == '"';
    keep(1);
  }

  void character() {
    auto c = rest_.front();
    if (static_cast<unsigned char>(c) >= 0x20) {
      inside_ = c != '"';
      return keep(1);
    }
    replace(1, c == '\t'   ? "\\t"
               : c == '\n' ? "\\n"
               : c == '\r' ? "\\r"
                           : replacement_character);
  }

  void escape() {
    if (rest_.starts_with("\\u"))
      return unicode();
    auto known = rest_.size() > 1
                 && simple_escapes.find(rest_[1]) != std::string_view::npos;
    if (known)
      return keep(2);
    replace(1, ""); // the character stands for itself
  }

  void unicode() {
    auto unit = code_unit(rest_);
    if (!unit)
      return replace(2, replacement_character);
    if (is_high(*unit)) {
      auto next = code_unit(rest_.substr(unicode_escape));
      return next && is_low(*next)
               ? keep(2 * unicode_escape)
               : replace(unicode_escape, replacement_character);
    }
    if (is_low(*unit))
      return replace(unicode_escape, replacement_character);
    keep(unicode_escape);
  }

  void keep(std::size_t bytes) {
    out_ += rest_.substr(0, bytes);
    rest_.remove_prefix(bytes);
  }

  void replace(std::size_t bytes, std::string_view with) {
    out_ += with;
    rest_.remove_prefix(bytes);
  }

  std::string_view rest_;
  std::string out_;
  bool inside_ = false;
};

} // namespace

json parse_leniently(std::string_view text) {
  auto strict = json::parse(text, nullptr, false);
  if (!strict.is_discarded())
    return strict;
  auto repaired = repaired_utf8(text);
  return json::parse(string_mender{repaired}.run(), nullptr, false);
}

} // namespace zhiku
