#include "sandbox/template_desk.hpp"

#include "wechat/template_rules.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::chrono::minutes idempotency_window{10};
constexpr std::string_view own_prefix = "sandbox-";

std::string text(const json& from, const char* name) {
  auto it = from.find(name);
  return it != from.end() && it->is_string() ? it->get<std::string>()
                                             : std::string{};
}

template_desk::outcome refused(int errcode, std::string errmsg) {
  return {errcode, std::move(errmsg)};
}

/// A field's value; empty when it is missing or no text.
std::string value_of(const json& data, const std::string& field) {
  auto it = data.find(field);
  return it != data.end() && it->is_object() ? text(*it, "value")
                                             : std::string{};
}

} // namespace

void template_desk::define(const json& order) {
  form made{order.value("title", std::string{}),
            order.value("labels", std::map<std::string, std::string>{})};
  forms_[order.at("template_id").get<std::string>()] = std::move(made);
}

template_desk::outcome
template_desk::send(const json& body, follower_book& followers, instant now) {
  auto openid = text(body, "touser");
  auto* to = followers.find(openid);
  if (to == nullptr)
    return refused(40003, "invalid openid");
  const auto* by = find(text(body, "template_id"));
  if (by == nullptr)
    return refused(40037, "invalid template_id");
  if (!to->subscribed)
    return refused(43004, "require subscribe");
  auto data = body.value("data", json::object());
  if (auto verdict = judge(*by, data); verdict.errcode != 0)
    return verdict;
  auto client_msg_id = text(body, "client_msg_id");
  auto& [at, msgid] = seen_[{openid, client_msg_id}];
  if (!client_msg_id.empty() && msgid != 0 && now - at < idempotency_window)
    return {0, "ok", msgid, true};
  at = now;
  msgid = ++last_msgid_;
  json fields = json::array();
  for (const auto& [field, content] : data.items()) {
    auto label = by->labels.find(field);
    fields.push_back(
      {{"name", field},
       {"label", label == by->labels.end() ? field : label->second},
       {"value", text(content, "value")}});
  }
  note(*to, now,
       {{"kind", "template"},
        {"template_id", text(body, "template_id")},
        {"title", by->title},
        {"fields", std::move(fields)},
        {"url", text(body, "url")},
        {"client_msg_id", client_msg_id},
        {"msgid", msgid}});
  return {0, "ok", msgid, false};
}

const template_desk::form* template_desk::find(const std::string& template_id) {
  auto found = forms_.find(template_id);
  if (found == forms_.end() && template_id.starts_with(own_prefix))
    found =
      forms_
        .emplace(template_id, form{template_id.substr(own_prefix.size()), {}})
        .first;
  return found == forms_.end() ? nullptr : &found->second;
}

template_desk::outcome template_desk::judge(const form& by, const json& data) {
  auto invalid = [](const std::string& field, const char* why) {
    return refused(47003, "argument invalid! data." + field + ".value " + why);
  };
  if (!data.is_object() || data.empty())
    return refused(47003, "argument invalid! data is empty");
  for (const auto& [field, label] : by.labels)
    if (!data.contains(field))
      return invalid(field, "is empty");
  for (const auto& [field, content] : data.items()) {
    auto value = value_of(data, field);
    if (value.empty()
        && wechat::type_of_field(field) != wechat::field_type::free)
      return invalid(field, "is empty");
    if (!wechat::fits_field(field, value))
      return invalid(field, "invalid");
  }
  return {};
}

} // namespace zhiku::sandbox
