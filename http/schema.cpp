#include "http/schema.hpp"

#include <algorithm>
#include <optional>

namespace zhiku::http::schema {

namespace {

constexpr int deepest = 16;

using errors = std::vector<domain::field_error>;

// Characters, not bytes: continuation bytes of UTF-8 do not count.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), [](char ch) {
      return (static_cast<unsigned char>(ch) & 0xc0u) != 0x80u;
    }));
}

bool has_type(const json& value, std::string_view type) {
  if (type == "string")
    return value.is_string();
  if (type == "integer")
    return value.is_number_integer();
  if (type == "boolean")
    return value.is_boolean();
  if (type == "array")
    return value.is_array();
  return type != "object" || value.is_object();
}

std::string join(const std::string& path, std::string_view name) {
  return path.empty() ? std::string{name} : path + "." + std::string{name};
}

void check(const json& value, const json& schema, const std::string& path,
           errors& found);

void check_text(const json& value, const json& schema, const std::string& path,
                errors& found) {
  auto length = length_of(value.get_ref<const std::string&>());
  if (length < schema.value("minLength", std::size_t{0}))
    found.push_back({path, "required", "请填写此项"});
  else if (length > schema.value("maxLength", length))
    found.push_back({path, "too_long", "内容过长"});
}

void check_integer(const json& value, const json& schema,
                   const std::string& path, errors& found) {
  // Numbers beyond 64 bits signed come as unsigned and are out of any range.
  auto fits =
    value.is_number_unsigned() ? value.get<std::uint64_t>() >> 63 == 0 : true;
  auto number = fits ? value.get<std::int64_t>() : 0;
  if (!fits || number < schema.value("minimum", number)
      || number > schema.value("maximum", number))
    found.push_back({path, "out_of_range", "数值超出允许范围"});
}

void check_list(const json& value, const json& schema, const std::string& path,
                errors& found) {
  if (value.size() < schema.value("minItems", std::size_t{0})) {
    found.push_back({path, "too_few", "至少需要一项"});
    return;
  }
  if (value.size() > schema.value("maxItems", value.size())) {
    found.push_back({path, "too_many", "项目过多"});
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i)
    check(value[i], schema.at("items"), join(path, std::to_string(i)), found);
}

void check_object(const json& value, const json& schema,
                  const std::string& path, errors& found) {
  const auto& properties = schema.at("properties");
  for (const auto& name : schema.at("required"))
    if (!value.contains(name))
      found.push_back({join(path, name.get_ref<const std::string&>()),
                       "required", "请填写此项"});
  for (const auto& [name, content] : value.items()) {
    if (auto known = properties.find(name); known != properties.end())
      check(content, *known, join(path, name), found);
    else if (!schema.at("additionalProperties").get<bool>())
      found.push_back({join(path, name), "unknown_field", "不支持的字段"});
  }
}

void check(const json& value, const json& schema, const std::string& path,
           errors& found) {
  const auto& type = schema.at("type").get_ref<const std::string&>();
  if (!has_type(value, type)) {
    found.push_back({path, "wrong_type", "类型不正确"});
    return;
  }
  if (auto allowed = schema.find("enum"); allowed != schema.end()) {
    if (std::find(allowed->begin(), allowed->end(), value) == allowed->end())
      found.push_back({path, "not_allowed", "不是允许的取值"});
    return;
  }
  if (type == "string")
    check_text(value, schema, path, found);
  else if (type == "integer")
    check_integer(value, schema, path, found);
  else if (type == "array")
    check_list(value, schema, path, found);
  else if (type == "object")
    check_object(value, schema, path, found);
}

json object_of(std::vector<member> members, bool may_grow) {
  json properties = json::object();
  json required = json::array();
  for (auto& one : members) {
    if (one.required)
      required.push_back(one.name);
    properties[one.name] = std::move(one.schema);
  }
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", may_grow}};
}

} // namespace

json text(std::size_t most, std::size_t least) {
  return {{"type", "string"}, {"minLength", least}, {"maxLength", most}};
}

json choice(std::span<const std::string_view> values) {
  json list = json::array();
  for (auto value : values)
    list.push_back(value);
  return {{"type", "string"}, {"enum", std::move(list)}};
}

json choice(std::initializer_list<std::string_view> values) {
  return choice(std::span{values.begin(), values.size()});
}

json integer(std::int64_t least, std::int64_t most) {
  return {{"type", "integer"}, {"minimum", least}, {"maximum", most}};
}

json flag() {
  return {{"type", "boolean"}};
}

json instant() {
  return {{"type", "string"},
          {"format", "date-time"},
          {"minLength", 20},
          {"maxLength", 40}};
}

json list(json items, std::size_t most, std::size_t least) {
  return {{"type", "array"},
          {"items", std::move(items)},
          {"minItems", least},
          {"maxItems", most}};
}

json any_object() {
  return object_of({}, true);
}

member optional(std::string name, json schema) {
  return {std::move(name), std::move(schema), false};
}

json object(std::vector<member> members) {
  return object_of(std::move(members), false);
}

json answer(std::vector<member> members) {
  return object_of(std::move(members), true);
}

errors violations(const json& value, const json& schema) {
  errors found;
  check(value, schema, "", found);
  return found;
}

std::optional<json> parse(std::string_view body) {
  bool acceptable = true;
  auto inspect = [&](int depth, json::parse_event_t event, json& parsed) {
    auto is_text =
      event == json::parse_event_t::value || event == json::parse_event_t::key;
    if (depth > deepest
        || (is_text && parsed.is_string()
            && parsed.get_ref<const std::string&>().find('\0')
                 != std::string::npos))
      acceptable = false;
    // What is refused anyway need not be built.
    return acceptable;
  };
  auto value = json::parse(body, inspect, false);
  if (!acceptable || value.is_discarded())
    return std::nullopt;
  return value;
}

} // namespace zhiku::http::schema
