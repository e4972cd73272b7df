#include "domain/exam/question_bank.hpp"

#include "domain/fields.hpp"
#include "domain/hash.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace zhiku::domain {

namespace {

std::uint64_t name_of(std::uint32_t number, std::uint16_t version) {
  return (static_cast<std::uint64_t>(number) << 16) | version;
}

std::uint32_t number_from(std::string_view id) {
  return static_cast<std::uint32_t>(hash_text(id, 3) >> 32);
}

/// The set named by a list of indices; empty when one is not below `count`.
option_set set_of(const json* indices, std::size_t count) {
  if (indices == nullptr || !indices->is_array())
    return 0;
  unsigned set = 0;
  for (const json& index : *indices) {
    if (!index.is_number_integer() || index < 0 || index >= count)
      return 0;
    set |= 1u << index.get<unsigned>();
  }
  return static_cast<option_set>(set);
}

bool single_bit(option_set set) {
  return set != 0 && (set & (set - 1)) == 0;
}

std::uint32_t read_number(field_reader& in, const json& value) {
  if (domain::find(value, "number") == nullptr)
    return number_from(text_at(value, "id"));
  return static_cast<std::uint32_t>(
    in.integer("number", 0, std::numeric_limits<std::uint32_t>::max()));
}

void check_options(field_reader& in, const question& q) {
  bool count_ok = q.type == question_type::judge
                    ? q.options.size() == 2
                    : q.options.size() >= 2 && q.options.size() <= most_options;
  if (!count_ok)
    in.complain("options", "out_of_range", "选项数量不正确");
  bool key_ok = q.type == question_type::multi ? q.key != 0 : single_bit(q.key);
  if (!key_ok)
    in.complain("key", "malformed", "答案不正确");
}

result<question> question_of(const json& value) {
  field_reader in{value};
  question q;
  q.id = in.text("id");
  q.number = read_number(in, value);
  q.version = static_cast<std::uint16_t>(in.integer("version", 1, 65535));
  auto type = question_type_of(text_at(value, "type"));
  if (!type)
    in.complain("type", "not_a_choice", "题型不正确");
  q.type = type.value_or(question_type::single);
  q.topic = text_at(value, "topic");
  q.stem = in.text("stem", 4000);
  q.options = texts_at(value, "options");
  q.key = set_of(domain::find(value, "key"),
                 std::min(q.options.size(), most_options));
  q.pinned = flag_at(value, "pinned");
  q.retired = flag_at(value, "retired");
  check_options(in, q);
  if (!in.ok())
    return in.refused();
  return q;
}

void add_errors(std::vector<field_error>& all, std::size_t index,
                const refusal& why) {
  for (field_error error : why.fields) {
    error.field = "questions." + std::to_string(index) + "." + error.field;
    all.push_back(std::move(error));
  }
}

} // namespace

result<question_bank> question_bank::from_json(const json& list) {
  if (!list.is_array())
    return invalid("questions", "malformed", "题库必须是列表");
  question_bank bank;
  std::map<std::uint32_t, std::string> id_of_number;
  std::vector<field_error> errors;
  for (std::size_t i = 0; i < list.size(); ++i) {
    auto read = question_of(list[i]);
    if (!read) {
      add_errors(errors, i, read.error());
      continue;
    }
    auto owner = id_of_number.emplace(read->number, read->id).first;
    bool fresh = owner->second == read->id && bank.add(std::move(*read));
    if (!fresh)
      add_errors(errors, i, invalid("number", "duplicate", "题号或版本重复"));
  }
  if (!errors.empty())
    return invalid(std::move(errors));
  bank.find_drawable();
  return bank;
}

bool question_bank::add(question q) {
  auto place = static_cast<std::uint32_t>(questions_.size());
  if (!place_of_.emplace(name_of(q.number, q.version), place).second)
    return false;
  questions_.push_back(std::move(q));
  return true;
}

void question_bank::find_drawable() {
  std::map<std::uint32_t, std::uint32_t> newest;
  for (std::uint32_t place = 0; place < questions_.size(); ++place) {
    auto best = newest.emplace(questions_[place].number, place).first;
    if (at(best->second).version < at(place).version)
      best->second = place;
  }
  for (const auto& [number, place] : newest)
    if (!at(place).retired)
      drawable_[static_cast<std::size_t>(at(place).type)].push_back(place);
}

const question* question_bank::find(std::uint32_t number,
                                    std::uint16_t version) const {
  auto found = place_of_.find(name_of(number, version));
  return found == place_of_.end() ? nullptr : &questions_[found->second];
}

const std::vector<std::uint32_t>&
question_bank::drawable(question_type type) const {
  return drawable_[static_cast<std::size_t>(type)];
}

} // namespace zhiku::domain
