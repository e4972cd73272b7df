#include "http/router.hpp"

#include "base/encoding.hpp"
#include "http/schema.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

namespace zhiku::http {

namespace {

std::vector<std::string_view> split(std::string_view path) {
  std::vector<std::string_view> segments;
  while (!path.empty()) {
    path.remove_prefix(1); // the slash
    auto end = std::min(path.find('/'), path.size());
    segments.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return segments;
}

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool is_rest(std::string_view segment) {
  return is_parameter(segment) && segment.ends_with("...}");
}

std::string parameter_name(std::string_view segment) {
  auto name = segment.substr(1, segment.size() - 2);
  if (name.ends_with("..."))
    name.remove_suffix(3);
  return std::string{name};
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36)
    return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    bool hex =
      (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
    if (dash ? text[i] != '-' : !hex)
      return false;
  }
  return true;
}

domain::json typed(std::string_view text, const domain::json& schema) {
  if (schema.at("type") != "integer")
    return text;
  std::int64_t number = 0;
  auto [end, error] =
    std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size())
    return text;
  return number;
}

bool fits(const domain::json& schema, const std::string& value) {
  auto clean = std::none_of(value.begin(), value.end(), [](unsigned char ch) {
    return ch < 0x20 || ch == 0x7f;
  });
  return clean && (schema.value("format", "") != "uuid" || is_uuid(value))
         && schema::violations(typed(value, schema), schema).empty();
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    auto byte = from_hex(text.substr(std::min(i + 1, text.size()), 2));
    if (!byte || byte->size() != 1)
      return std::nullopt;
    decoded += *byte;
    i += 2;
  }
  return decoded;
}

namespace {

/// A parameter of a pattern.
struct parameter {
  std::string name;
  domain::json schema; ///< null for the rest of a path, which fits always
};

std::vector<parameter> parameters_of(std::string_view pattern) {
  std::vector<parameter> all;
  for (auto segment : split(pattern)) {
    if (!is_parameter(segment))
      continue;
    auto name = parameter_name(segment);
    auto schema =
      is_rest(segment) ? domain::json() : path_parameter_schema(name);
    all.push_back({std::move(name), std::move(schema)});
  }
  return all;
}

/// Where a method and a path lead.
struct destination {
  const route* to;
  std::vector<parameter> parameters; ///< in the order of the path
};

} // namespace

struct router::node {
  std::map<std::string, std::unique_ptr<node>, std::less<>> literals;
  std::unique_ptr<node> parameter;
  std::unique_ptr<node> rest;
  std::map<std::string, destination, std::less<>> methods;

  node& child(std::string_view segment) {
    auto& place = is_rest(segment)        ? rest
                  : is_parameter(segment) ? parameter
                                          : literals[std::string{segment}];
    if (!place)
      place = std::make_unique<node>();
    return *place;
  }
};

router::router(route_table routes)
    : routes_(std::move(routes)), root_(std::make_unique<node>()) {
  std::set<std::string> ids;
  for (const auto& one : routes_) {
    if (!ids.insert(one.id).second)
      throw std::logic_error("two routes share the id " + one.id);
    insert(one);
  }
}

router::~router() = default;

void router::insert(const route& one) {
  if (one.pattern.empty() || one.pattern.front() != '/')
    throw std::logic_error("a pattern must begin with a slash");
  auto* at = root_.get();
  for (auto segment : split(one.pattern))
    at = &at->child(segment);
  if (!at->methods
         .emplace(one.method, destination{&one, parameters_of(one.pattern)})
         .second)
    throw std::logic_error("two routes for " + one.method + " " + one.pattern);
}

const router::node* router::descend(const node& from,
                                    const std::vector<std::string>& segments,
                                    std::size_t index,
                                    std::vector<std::string>& captured) {
  if (index == segments.size())
    return from.methods.empty() ? nullptr : &from;
  if (auto next = from.literals.find(segments[index]);
      next != from.literals.end())
    if (const auto* found =
          descend(*next->second, segments, index + 1, captured))
      return found;
  if (from.parameter && !segments[index].empty()) {
    captured.push_back(segments[index]);
    if (const auto* found =
          descend(*from.parameter, segments, index + 1, captured))
      return found;
    captured.pop_back();
  }
  if (!from.rest)
    return nullptr;
  captured.emplace_back(); // pages of the rest decide by themselves
  for (auto i = index; i < segments.size(); ++i)
    captured.back() += (i == index ? "" : "/") + segments[i];
  return from.rest.get();
}

routed router::find(std::string_view method, std::string_view target) const {
  auto path = target.substr(0, target.find_first_of("?#"));
  if (path.empty() || path.front() != '/')
    return {};
  std::vector<std::string> segments;
  for (auto raw : split(path)) {
    auto segment = percent_decode(raw);
    if (!segment)
      return {};
    segments.push_back(std::move(*segment));
  }
  std::vector<std::string> captured;
  const auto* at = descend(*root_, segments, 0, captured);
  if (at == nullptr)
    return {};
  auto known = at->methods.find(method);
  if (known == at->methods.end() && method == "HEAD")
    known = at->methods.find("GET");
  routed outcome;
  if (known == at->methods.end()) {
    for (const auto& [name, ignored] : at->methods)
      outcome.allow += (outcome.allow.empty() ? "" : ", ") + name
                       + (name == "GET" ? ", HEAD" : "");
    return outcome;
  }
  std::size_t next = 0;
  for (const auto& [name, schema] : known->second.parameters) {
    if (!schema.is_null() && !fits(schema, captured[next]))
      return {};
    outcome.path_params[name] = std::move(captured[next++]);
  }
  outcome.found = known->second.to;
  return outcome;
}

} // namespace zhiku::http
