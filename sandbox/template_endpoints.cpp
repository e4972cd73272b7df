#include "sandbox/platform.hpp"

#include <array>
#include <charconv>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

struct industry {
  const char* first_class;
  const char* second_class;
};

/// By number, from 1; the first of the platform's list.
constexpr std::array<industry, 8> industries = {{
  {"IT科技", "互联网|电子商务"},
  {"IT科技", "IT软件与服务"},
  {"IT科技", "IT硬件与设备"},
  {"IT科技", "电子技术"},
  {"IT科技", "通信与运营商"},
  {"IT科技", "网络游戏"},
  {"金融业", "银行"},
  {"金融业", "基金|理财|信托"},
}};

constexpr int last_industry = 41;

/// The number of an industry, which clients send as text or as a number.
int industry_in(const call& on, const char* name) {
  auto value = on.body.value(name, json{});
  auto text = value.is_string() ? value.get<std::string>() : value.dump();
  int out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  if (out < 1 || out > last_industry)
    throw refusal{40102};
  return out;
}

json to_json(int number) {
  auto index = static_cast<std::size_t>(number - 1);
  if (index >= industries.size())
    return {{"first_class", "其他"}, {"second_class", "其他"}};
  return {{"first_class", industries[index].first_class},
          {"second_class", industries[index].second_class}};
}

json set_industry(call& on) {
  on.in.industries = {industry_in(on, "industry_id1"),
                      industry_in(on, "industry_id2")};
  return ok();
}

json get_industry(call& on) {
  return {{"primary_industry", to_json(on.in.industries[0])},
          {"secondary_industry", to_json(on.in.industries[1])}};
}

json add_template(call& on) {
  auto added = on.in.templates.add(
    on.text("template_id_short"),
    on.body.value("keyword_name_list", std::vector<std::string>{}));
  if (auto* errcode = std::get_if<int>(&added))
    throw refusal{*errcode};
  auto out = ok();
  out["template_id"] = std::get<std::string>(added);
  return out;
}

json list_templates(call& on) {
  return {{"template_list", on.in.templates.list()}};
}

json delete_template(call& on) {
  if (!on.in.templates.remove(on.text("template_id")))
    throw refusal{40037};
  return ok();
}

} // namespace

std::vector<endpoint> template_endpoints() {
  return {
    {"/cgi-bin/template/api_set_industry", "industry_set", method::post_json,
     access::with_token, set_industry},
    {"/cgi-bin/template/get_industry", "industry_get", method::get,
     access::with_token, get_industry},
    {"/cgi-bin/template/api_add_template", "template_add", method::post_json,
     access::with_token, add_template},
    {"/cgi-bin/template/get_all_private_template", "template_list", method::get,
     access::with_token, list_templates},
    {"/cgi-bin/template/del_private_template", "template_delete",
     method::post_json, access::with_token, delete_template},
  };
}

} // namespace zhiku::sandbox
