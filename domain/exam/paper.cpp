#include "domain/exam/paper.hpp"

#include "domain/fields.hpp"
#include "domain/hash.hpp"

#include <bit>
#include <utility>

namespace zhiku::domain {

namespace {

constexpr std::size_t option_id_length = 8;
constexpr std::size_t packed_length = 24;

void put_hex(std::string& out, std::uint64_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(value >> shift) & 15];
}

int hex_value(char ch) {
  if (ch >= '0' && ch <= '9')
    return ch - '0';
  return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/// Takes fixed-width hex numbers off the front of a text.
class hex_reader {
public:
  explicit hex_reader(std::string_view text) : rest_(text) {
    // nop
  }

  template <class Number>
  Number take(std::size_t digits) {
    std::uint64_t value = 0;
    for (char ch : rest_.substr(0, digits)) {
      int digit = hex_value(ch);
      good_ = good_ && digit >= 0;
      value = (value << 4) | static_cast<std::uint64_t>(digit & 15);
    }
    rest_.remove_prefix(digits);
    return static_cast<Number>(value);
  }

  bool good() const {
    return good_;
  }

private:
  std::string_view rest_;
  bool good_ = true;
};

std::uint32_t option_order(const question& q, sequence& random) {
  std::size_t count = q.options.size();
  std::uint8_t places[most_options];
  for (std::size_t i = 0; i < count; ++i)
    places[i] = static_cast<std::uint8_t>(i);
  if (q.type != question_type::judge && !q.pinned)
    for (std::size_t i = count; i > 1; --i)
      std::swap(places[i - 1], places[random.below(i)]);
  std::uint32_t order = 0;
  for (std::size_t i = 0; i < count; ++i)
    order |= static_cast<std::uint32_t>(places[i]) << (4 * i);
  return order;
}

paper_item freeze(const question& q, std::size_t block, sequence& random) {
  paper_item item;
  item.question = q.number;
  item.version = q.version;
  item.order = option_order(q, random);
  item.block = static_cast<std::uint8_t>(block);
  item.option_count = static_cast<std::uint8_t>(q.options.size());
  item.key = q.key;
  return item;
}

/// Questions of one type that no earlier block has taken: a partial
/// Fisher-Yates shuffle whose front is used up block by block.
struct deck {
  std::vector<std::uint32_t> cards; ///< places in the bank
  std::size_t used = 0;

  std::uint32_t deal(sequence& random) {
    std::size_t picked = used + random.below(cards.size() - used);
    std::swap(cards[used], cards[picked]);
    return cards[used++];
  }
};

} // namespace

std::uint64_t seed_of(std::string_view text) {
  return hash_text(text, 4);
}

result<paper> draw(const exam_plan& plan, const question_bank& bank,
                   std::uint64_t seed) {
  deck decks[] = {{bank.drawable(question_type::single)},
                  {bank.drawable(question_type::multi)},
                  {bank.drawable(question_type::judge)}};
  sequence random{seed};
  paper drawn;
  drawn.reserve(plan.length());
  for (std::size_t b = 0; b < plan.paper.size(); ++b) {
    auto& from = decks[static_cast<std::size_t>(plan.paper[b].type)];
    if (from.cards.size() - from.used < plan.paper[b].count)
      return errc::paper_unavailable;
    for (std::size_t i = 0; i < plan.paper[b].count; ++i)
      drawn.push_back(freeze(bank.at(from.deal(random)), b, random));
  }
  return drawn;
}

std::string option_id(std::uint64_t seed, std::size_t n, std::size_t index) {
  std::string id;
  put_hex(id, mix(seed ^ mix(n * most_options + index)) >> 32,
          option_id_length);
  return id;
}

std::optional<option_set> options_named(std::uint64_t seed, std::size_t n,
                                        const paper_item& item,
                                        const json& ids) {
  if (!ids.is_array() || ids.size() > item.option_count)
    return std::nullopt;
  unsigned named = 0;
  for (std::size_t index = 0; index < item.option_count; ++index) {
    auto id = option_id(seed, n, index);
    for (const json& each : ids)
      if (each.is_string() && each.get_ref<const std::string&>() == id)
        named |= 1u << index;
  }
  if (std::cmp_not_equal(std::popcount(named), ids.size()))
    return std::nullopt;
  return static_cast<option_set>(named);
}

std::int64_t grade(multi_rule rule, const paper_block& block, option_set key,
                   option_set chosen) {
  if (chosen == key)
    return block.tenths;
  bool partly_right = chosen != 0 && (chosen & ~key) == 0;
  if (block.type != question_type::multi || !partly_right)
    return 0;
  switch (rule) {
  case multi_rule::half_if_subset:
    return block.tenths / 2;
  case multi_rule::per_option:
    return block.tenths * std::popcount(chosen) / std::popcount(key);
  default:
    return 0;
  }
}

std::int64_t grade(const exam_plan& plan, const paper& all) {
  std::int64_t sum = 0;
  for (const auto& item : all)
    if (item.block < plan.paper.size())
      sum += grade(plan.rule, plan.paper[item.block], item.key, item.chosen);
  return sum;
}

std::string pack(const paper& all) {
  std::string text;
  text.reserve(all.size() * packed_length);
  for (const auto& item : all) {
    put_hex(text, item.question, 8);
    put_hex(text, item.version, 4);
    put_hex(text, item.order, 8);
    put_hex(text, item.block, 1);
    put_hex(text, item.option_count, 1);
    put_hex(text, item.key, 2);
  }
  return text;
}

std::optional<paper> unpack(std::string_view text) {
  if (text.size() % packed_length != 0)
    return std::nullopt;
  hex_reader in{text};
  paper all(text.size() / packed_length);
  for (auto& item : all) {
    item.question = in.take<std::uint32_t>(8);
    item.version = in.take<std::uint16_t>(4);
    item.order = in.take<std::uint32_t>(8);
    item.block = in.take<std::uint8_t>(1);
    item.option_count = in.take<std::uint8_t>(1);
    item.key = in.take<option_set>(2);
  }
  return in.good() ? std::optional{std::move(all)} : std::nullopt;
}

} // namespace zhiku::domain
