#include "domain/validation/text.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::domain {

namespace {

struct range {
  char32_t first;
  char32_t last;
};

template <std::size_t Size>
bool in_any(const range (&ranges)[Size], char32_t ch) {
  return std::any_of(std::begin(ranges), std::end(ranges), [=](const range& r) {
    return r.first <= ch && ch <= r.last;
  });
}

/// How many continuation bytes follow `lead`; -1 when it leads nothing.
int continuations(unsigned char lead) {
  if (lead < 0x80)
    return 0;
  if (lead >= 0xc2 && lead <= 0xdf)
    return 1;
  if (lead >= 0xe0 && lead <= 0xef)
    return 2;
  return lead >= 0xf0 && lead <= 0xf4 ? 3 : -1;
}

bool is_scalar(char32_t ch, int continuation_count) {
  constexpr char32_t least[] = {0, 0x80, 0x800, 0x10000};
  return ch >= least[continuation_count] && ch <= 0x10ffff
         && (ch < 0xd800 || ch > 0xdfff);
}

/// Takes one code point off the front; nothing when it is malformed.
std::optional<char32_t> take_code_point(std::string_view& text) {
  auto byte = [&](int i) { return static_cast<unsigned char>(text[i]); };
  int count = continuations(byte(0));
  if (count < 0 || text.size() < static_cast<std::size_t>(count) + 1)
    return std::nullopt;
  constexpr unsigned char lead_bits[] = {0x7f, 0x1f, 0x0f, 0x07};
  char32_t ch = byte(0) & lead_bits[count];
  for (int i = 1; i <= count; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return std::nullopt;
    ch = (ch << 6) | (byte(i) & 0x3fu);
  }
  text.remove_prefix(static_cast<std::size_t>(count) + 1);
  return is_scalar(ch, count) ? std::optional{ch} : std::nullopt;
}

bool is_control(char32_t ch) {
  constexpr range ranges[] = {{0x00, 0x1f},     {0x7f, 0x9f},
                              {0x200b, 0x200f}, {0x202a, 0x202e},
                              {0x2066, 0x2069}, {0xfeff, 0xfeff}};
  return in_any(ranges, ch);
}

bool is_dash(char32_t ch) {
  return ch == U'-' || (ch >= 0x2010 && ch <= 0x2015) || ch == 0x2212;
}

// E29: what contacts, chats and PDFs put around a number without showing it.
bool is_unseen(char32_t ch) {
  return ch == 0xad || (ch >= 0x200b && ch <= 0x200f)
         || (ch >= 0x202a && ch <= 0x202e) || (ch >= 0x2060 && ch <= 0x2069)
         || (ch >= 0xfe00 && ch <= 0xfe0f) || ch == 0xfeff;
}

bool is_space(char32_t ch) {
  return ch == U' ' || ch == U'\t' || ch == U'\n' || ch == U'\r' || ch == 0x00a0
         || ch == 0x3000;
}

bool is_chinese(char32_t ch) {
  constexpr range ranges[] = {
    {0x3007, 0x3007},   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},
    {0xf900, 0xfaff},   {0x20000, 0x2a6df}, {0x2a700, 0x2ebe0},
    {0x2ebf0, 0x2ee5d}, {0x2f800, 0x2fa1f}, {0x30000, 0x323af},
  };
  return in_any(ranges, ch);
}

bool is_latin(char32_t ch) {
  constexpr range ranges[] = {{'A', 'Z'},       {'a', 'z'},
                              {0x00c0, 0x00d6}, {0x00d8, 0x00f6},
                              {0x00f8, 0x024f}, {0x1e00, 0x1eff}};
  return in_any(ranges, ch);
}

constexpr char32_t middle_dot = 0x00b7;

char32_t unify_dot(char32_t ch) {
  constexpr std::u32string_view dots = U".•．・‧";
  return dots.find(ch) == dots.npos ? ch : middle_dot;
}

void trim(std::u32string& text) {
  auto first = std::find_if_not(text.begin(), text.end(), is_space);
  text.erase(text.begin(), first);
  auto last = std::find_if_not(text.rbegin(), text.rend(), is_space);
  text.erase(last.base(), text.end());
}

char32_t to_half_width(char32_t ch) {
  return ch >= 0xff01 && ch <= 0xff5e ? ch - 0xfee0 : ch;
}

} // namespace

std::optional<std::u32string> decode_utf8(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto ch = take_code_point(text);
    if (!ch)
      return std::nullopt;
    out += *ch;
  }
  return out;
}

std::string encode_utf8(std::u32string_view code_points) {
  std::string out;
  auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  for (char32_t ch : code_points) {
    if (ch < 0x80) {
      put(ch);
    } else if (ch < 0x800) {
      put(0xc0 | (ch >> 6));
      put(0x80 | (ch & 0x3f));
    } else if (ch < 0x10000) {
      put(0xe0 | (ch >> 12));
      put(0x80 | ((ch >> 6) & 0x3f));
      put(0x80 | (ch & 0x3f));
    } else {
      put(0xf0 | (ch >> 18));
      put(0x80 | ((ch >> 12) & 0x3f));
      put(0x80 | ((ch >> 6) & 0x3f));
      put(0x80 | (ch & 0x3f));
    }
  }
  return out;
}

std::optional<std::string> free_text_of(std::string_view typed,
                                        std::size_t least, std::size_t most) {
  auto text = decode_utf8(typed);
  if (!text)
    return std::nullopt;
  std::erase_if(*text,
                [](char32_t ch) { return is_control(ch) && ch != U'\n'; });
  trim(*text);
  if (text->size() < least || text->size() > most)
    return std::nullopt;
  return encode_utf8(*text);
}

std::optional<std::string> name_of(std::string_view typed) {
  auto text = decode_utf8(typed);
  if (!text)
    return std::nullopt;
  trim(*text);
  std::transform(text->begin(), text->end(), text->begin(), unify_dot);
  bool allowed = std::all_of(text->begin(), text->end(), [](char32_t ch) {
    return ch == U' ' || ch == middle_dot || is_chinese(ch) || is_latin(ch);
  });
  if (!allowed || text->size() < 2 || text->size() > 50)
    return std::nullopt;
  return encode_utf8(*text);
}

std::optional<std::string> plain_number_of(std::string_view typed) {
  auto text = decode_utf8(typed);
  if (!text)
    return std::nullopt;
  std::string out;
  for (char32_t wide : *text) {
    char32_t ch = to_half_width(wide);
    if (is_space(ch) || is_dash(ch) || is_unseen(ch))
      continue;
    if (ch <= 0x20 || ch >= 0x7f)
      return std::nullopt;
    bool lower = ch >= U'a' && ch <= U'z';
    out += static_cast<char>(lower ? ch - U'a' + U'A' : ch);
  }
  return out;
}

} // namespace zhiku::domain
