#include "sandbox/template_desk.hpp"

#include "base/random.hpp"
#include "wechat/template_rules.hpp"

#include <algorithm>
#include <charconv>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::chrono::minutes idempotency_window{10};
constexpr std::string_view own_prefix = "sandbox-";
constexpr std::size_t max_templates = 25;
constexpr std::size_t max_id_bytes = 64;
constexpr std::size_t max_accepted = 100'000;
constexpr int invalid_openid = 40003;
constexpr int invalid_template_id_size = 40036;
constexpr int invalid_template_id = 40037;
constexpr int missing_openid = 41009;
constexpr int require_subscribe = 43004;
constexpr int too_many_templates = 45026;
constexpr int invalid_argument = 47003;

std::string text(const json& from, const char* name) {
  auto it = from.find(name);
  return it != from.end() && it->is_string() ? it->get<std::string>()
                                             : std::string{};
}

template_desk::outcome refused(int errcode, std::string errmsg = {}) {
  return {errcode, std::move(errmsg)};
}

/// A field's value; empty when it is missing or no text.
std::string value_of(const json& data, const std::string& field) {
  auto it = data.find(field);
  return it != data.end() && it->is_object() ? text(*it, "value")
                                             : std::string{};
}

/// Of a category template; the old library's fields are never refused.
bool is_typed(const std::string& field) {
  return wechat::type_of_field(field) != wechat::field_type::free;
}

/// Where a field stands on the card: by its number, `first` and `remark` of
/// the old library at the ends.
std::pair<int, std::string> place_of(const std::string& field) {
  auto digits = field.find_last_not_of("0123456789") + 1;
  int number = field == "remark" || field == "Remark" ? 1000 : 0;
  std::from_chars(field.data() + digits, field.data() + field.size(), number);
  return {number, field};
}

std::vector<std::string>
in_place(const std::map<std::string, std::string>& labels) {
  std::vector<std::string> out;
  for (const auto& [field, label] : labels)
    out.push_back(field);
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return place_of(a) < place_of(b);
  });
  return out;
}

} // namespace

template_desk::template_desk() {
  stock({{"template_id_short", "TM00015"},
         {"title", "订单支付成功"},
         {"labels",
          {{"first", ""},
           {"orderMoneySum", "支付金额"},
           {"orderProductName", "商品信息"},
           {"remark", ""}}}});
}

template_desk::form template_desk::form_of(const json& order) {
  return {
    order.value("title", std::string{}),
    order.value("labels", std::map<std::string, std::string>{}),
    order.value("values", std::map<std::string, std::vector<std::string>>{})};
}

void template_desk::define(const json& order) {
  forms_[order.at("template_id").get<std::string>()] = form_of(order);
}

void template_desk::stock(const json& order) {
  library_[order.at("template_id_short").get<std::string>()] = form_of(order);
}

std::variant<std::string, int>
template_desk::add(const std::string& template_id_short,
                   const std::vector<std::string>& keywords) {
  auto found = library_.find(template_id_short);
  if (found == library_.end())
    return invalid_template_id;
  if (forms_.size() >= max_templates)
    return too_many_templates;
  auto made = found->second;
  if (!keywords.empty())
    std::erase_if(made.labels, [&keywords](const auto& entry) {
      return std::find(keywords.begin(), keywords.end(), entry.second)
             == keywords.end();
    });
  auto template_id = new_token();
  forms_[template_id] = std::move(made);
  return template_id;
}

bool template_desk::remove(const std::string& template_id) {
  return forms_.erase(template_id) != 0;
}

json template_desk::list() const {
  json out = json::array();
  for (const auto& [template_id, each] : forms_) {
    std::string content;
    for (const auto& field : in_place(each.labels)) {
      const auto& label = each.labels.at(field);
      content +=
        (label.empty() ? "" : label + "：") + "{{" + field + ".DATA}}\n";
    }
    out.push_back({{"template_id", template_id},
                   {"title", each.title},
                   {"primary_industry", ""},
                   {"deputy_industry", ""},
                   {"content", content},
                   {"example", ""}});
  }
  return out;
}

template_desk::outcome
template_desk::send(const json& body, follower_book& followers, instant now) {
  auto openid = text(body, "touser");
  if (openid.empty())
    return refused(missing_openid);
  auto* to = followers.find(openid);
  if (to == nullptr)
    return refused(invalid_openid);
  if (auto errcode = judge_template_id(body); errcode != 0)
    return refused(errcode);
  if (!to->subscribed)
    return refused(require_subscribe);
  if (auto verdict = judge_data(body); verdict.errcode != 0)
    return verdict;
  auto client_msg_id = text(body, "client_msg_id");
  auto& [at, msgid] = seen_[{openid, client_msg_id}];
  if (!client_msg_id.empty() && msgid != 0 && now - at < idempotency_window)
    return {0, {}, msgid, true};
  at = now;
  msgid = next_msgid();
  put_into_chat("template", body, msgid, *to, now);
  accepted_.push_back({{"msgid", msgid},
                       {"client_msg_id", client_msg_id},
                       {"openid", openid},
                       {"template_id", text(body, "template_id")},
                       {"at_ms", now.time_since_epoch().count()}});
  if (accepted_.size() > max_accepted)
    accepted_.erase(accepted_.begin(), accepted_.begin() + max_accepted / 10);
  return {0, {}, msgid, false};
}

int template_desk::judge_template_id(const json& body) {
  auto template_id = text(body, "template_id");
  if (template_id.empty() || template_id.size() > max_id_bytes)
    return invalid_template_id_size;
  return find(template_id) == nullptr ? invalid_template_id : 0;
}

template_desk::outcome template_desk::judge_data(const json& body) {
  return judge(*find(text(body, "template_id")),
               body.value("data", json::object()));
}

void template_desk::deliver_notice(const json& body, std::int64_t msgid,
                                   follower& to, instant now) {
  put_into_chat("notice", body, msgid, to, now);
}

std::int64_t template_desk::next_msgid() {
  return ++last_msgid_;
}

void template_desk::put_into_chat(const char* kind, const json& body,
                                  std::int64_t msgid, follower& to,
                                  instant now) {
  const auto& by = *find(text(body, "template_id"));
  const auto& data = body.at("data");
  std::map<std::string, std::string> labels;
  for (const auto& [field, content] : data.items()) {
    auto label = by.labels.find(field);
    labels[field] = label == by.labels.end() ? field : label->second;
  }
  json fields = json::array();
  for (const auto& field : in_place(labels))
    fields.push_back({{"name", field},
                      {"label", labels.at(field)},
                      {"value", value_of(data, field)}});
  note(
    to, now,
    {{"kind", kind},
     {"template_id", text(body, "template_id")},
     {"title", by.title},
     {"fields", std::move(fields)},
     {"url", text(body, kind == std::string_view{"notice"} ? "page" : "url")},
     {"miniprogram", body.value("miniprogram", json{})},
     {"client_msg_id", text(body, "client_msg_id")},
     {"msgid", msgid}});
}

const template_desk::form* template_desk::find(const std::string& template_id) {
  auto found = forms_.find(template_id);
  if (found == forms_.end() && template_id.starts_with(own_prefix))
    found = forms_
              .emplace(template_id,
                       form{template_id.substr(own_prefix.size()), {}, {}})
              .first;
  return found == forms_.end() ? nullptr : &found->second;
}

template_desk::outcome template_desk::judge(const form& by, const json& data) {
  auto invalid = [](const std::string& field, const char* why) {
    return refused(invalid_argument,
                   "argument invalid! data." + field + ".value " + why);
  };
  if (!data.is_object() || data.empty())
    return refused(invalid_argument, "argument invalid! data is empty");
  for (const auto& [field, label] : by.labels)
    if (is_typed(field) && !data.contains(field))
      return invalid(field, "is empty");
  for (const auto& [field, content] : data.items()) {
    auto value = value_of(data, field);
    if (value.empty() && is_typed(field))
      return invalid(field, "is empty");
    auto approved = by.values.find(field);
    auto foreign =
      approved != by.values.end()
      && std::find(approved->second.begin(), approved->second.end(), value)
           == approved->second.end();
    if (foreign || !wechat::fits_field(field, value))
      return invalid(field, "invalid");
  }
  return {};
}

} // namespace zhiku::sandbox
