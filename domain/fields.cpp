#include "domain/fields.hpp"

#include "domain/validation/text.hpp"

#include <algorithm>
#include <limits>

namespace zhiku::domain {

const json* find(const json& object, std::string_view key) {
  if (!object.is_object())
    return nullptr;
  auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string_view text_at(const json& object, std::string_view key) {
  const json* value = find(object, key);
  if (value == nullptr || !value->is_string())
    return {};
  return value->get_ref<const std::string&>();
}

std::optional<std::int64_t> integer_at(const json& object,
                                       std::string_view key) {
  const json* value = find(object, key);
  if (value == nullptr || !value->is_number_integer())
    return std::nullopt;
  constexpr auto most =
    static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (value->is_number_unsigned() && value->get<std::uint64_t>() > most)
    return std::nullopt;
  return value->get<std::int64_t>();
}

bool flag_at(const json& object, std::string_view key) {
  const json* value = find(object, key);
  return value != nullptr && value->is_boolean() && value->get<bool>();
}

std::optional<instant> instant_at(const json& object, std::string_view key) {
  return instant_of(text_at(object, key));
}

std::vector<std::string> texts_at(const json& object, std::string_view key) {
  std::vector<std::string> texts;
  const json* list = find(object, key);
  if (list == nullptr || !list->is_array())
    return texts;
  for (const json& element : *list)
    if (element.is_string())
      texts.push_back(element.get<std::string>());
  return texts;
}

json object_at(const json& object, std::string_view key) {
  const json* value = find(object, key);
  return value != nullptr && value->is_object() ? *value : json::object();
}

json to_json(const std::optional<instant>& at) {
  return at ? json(to_text(*at)) : json();
}

refusal invalid(std::vector<field_error> fields) {
  return {errc::invalid_input, {}, std::move(fields)};
}

refusal invalid(std::string_view field, std::string_view code,
                std::string_view message) {
  return invalid(
    {{std::string{field}, std::string{code}, std::string{message}}});
}

field_reader::field_reader(const json& source) : source_(source) {
  // nop
}

std::string field_reader::text(std::string_view key, std::size_t most) {
  if (text_at(source_, key).empty())
    complain(key, "required", "必填");
  return optional_text(key, most);
}

std::string field_reader::optional_text(std::string_view key,
                                        std::size_t most) {
  auto value = text_at(source_, key);
  if (value.size() > most)
    complain(key, "too_long", "内容过长");
  else if (!decode_utf8(value))
    complain(key, "malformed", "格式不正确");
  return std::string{value};
}

std::int64_t field_reader::integer(std::string_view key, std::int64_t least,
                                   std::int64_t most) {
  auto value = integer_at(source_, key);
  if (!value)
    complain(key, "required", "必须是整数");
  else if (*value < least || *value > most)
    complain(key, "out_of_range", "超出允许范围");
  return value.value_or(least);
}

instant field_reader::at(std::string_view key) {
  auto value = instant_at(source_, key);
  if (!value)
    complain(key, "not_a_time", "时间格式不正确");
  return value.value_or(instant{});
}

std::string
field_reader::choice(std::string_view key,
                     std::initializer_list<std::string_view> allowed) {
  auto value = text_at(source_, key);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    complain(key, "not_a_choice", "请从给出的选项中选择");
  return std::string{value};
}

void field_reader::complain(std::string_view key, std::string_view code,
                            std::string_view message) {
  errors_.push_back(
    {std::string{key}, std::string{code}, std::string{message}});
}

} // namespace zhiku::domain
