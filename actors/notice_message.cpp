#include "actors/notice_message.hpp"

#include "base/encoding.hpp"
#include "wechat/template_rules.hpp"

namespace zhiku::actors {

using domain::json;
using domain::notice::filled;
using domain::notice::kind;

namespace {

std::string fitted(const std::string& field, const std::string& text,
                   bool shortened) {
  auto is_thing = wechat::type_of_field(field) == wechat::field_type::thing;
  auto made = wechat::fitted_to_field(
    shortened && is_thing ? "short_thing1" : field, text);
  // The word for nothing is Chinese, which not every field takes.
  return text.empty() && !wechat::fits_field(field, made) ? "-" : made;
}

} // namespace

wechat::template_message template_of(const kind& kind, const json& payload,
                                     const std::string& public_base_url,
                                     bool shortened) {
  wechat::template_message made;
  made.url = public_base_url + "/wechat/enter?to="
             + percent_encode(filled(kind.page, kind, payload));
  for (const auto& [field, text] : kind.fields)
    made.data[field] = fitted(field, filled(text, kind, payload), shortened);
  return made;
}

sms::message sms_of(const kind& kind, const json& payload) {
  sms::message made;
  made.template_key = kind.event;
  for (const auto& text : kind.sms_params)
    made.params.push_back(filled(text, kind, payload));
  return made;
}

std::vector<domain::notice::problem>
unfit_fields(const domain::notice::catalogue& all) {
  std::vector<domain::notice::problem> problems;
  for (const auto& kind : all.all())
    for (const auto& [field, text] : kind.fields) {
      auto fixed = text.find('{') == std::string::npos;
      auto shown = text == "{title}" ? kind.title : text;
      if ((fixed || text == "{title}") && !wechat::fits_field(field, shown))
        problems.push_back(
          {kind.event, "fields." + field + " does not take \"" + shown + '"'});
    }
  return problems;
}

} // namespace zhiku::actors
