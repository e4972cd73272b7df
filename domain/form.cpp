#include "domain/form.hpp"

#include "domain/channel_rule.hpp"
#include "domain/fields.hpp"
#include "domain/masking.hpp"
#include "domain/validation/numbers.hpp"
#include "domain/validation/text.hpp"

#include <algorithm>
#include <span>

namespace zhiku::domain {

namespace {

struct option {
  std::string_view code;
  std::string_view label;
};

enum class field_type : std::uint8_t {
  text,
  choice,
  choices,
  date,
  month,
  integer
};

using text_rule = std::optional<std::string> (*)(std::string_view typed);

struct field_spec {
  std::string_view key;
  std::string_view label;
  field_type type;
  std::string_view pii;
  int least; ///< characters, list elements, or the integer itself
  int most;
  std::span<const option> options = {};
  text_rule rule = nullptr; ///< beyond length
};

// --- the form as data --------------------------------------------------------

constexpr option pools[] = {
  {"BID", "物业服务项目评标专家"},
  {"GREEN", "绿色物业管理星级评审专家"},
};

constexpr option id_types[] = {
  {"RESIDENT_ID", "居民身份证"},
  {"HMT_PERMIT", "港澳台居民居住证"},
  {"PASSPORT", "护照"},
  {"FOREIGN_PR", "外国人永久居留身份证"},
};

constexpr option genders[] = {{"MALE", "男"}, {"FEMALE", "女"}};

constexpr option educations[] = {
  {"SECONDARY", "中专"},    {"COLLEGE", "大专"},      {"BACHELOR", "本科"},
  {"MASTER", "硕士研究生"}, {"DOCTOR", "博士研究生"},
};

constexpr option degrees[] = {
  {"NONE", "无"},
  {"BACHELOR", "学士"},
  {"MASTER", "硕士"},
  {"DOCTOR", "博士"},
};

constexpr option title_levels[] = {
  {"NONE", "无"},        {"JUNIOR", "初级"}, {"MIDDLE", "中级"},
  {"ASSOCIATE", "副高"}, {"SENIOR", "正高"},
};

constexpr option categories[] = {
  {"MANAGEMENT", "物业综合管理"}, {"ENGINEERING", "工程设施设备"},
  {"ENVIRONMENT", "环境与绿化"},  {"SECURITY", "秩序与安全"},
  {"FINANCE", "财务与造价"},      {"GREEN_BUILDING", "绿色建筑与节能"},
};

constexpr field_spec fields[] = {
  {"target_pools", "申报类别", field_type::choices, "P0", 1, 2, pools},
  {"name", "姓名", field_type::text, "P1", 2, 50, {}, name_of},
  {"id_type", "证件类型", field_type::choice, "P1", 0, 0, id_types},
  {"id_no", "证件号码", field_type::text, "P2", 5, 30},
  {"gender", "性别", field_type::choice, "P1", 0, 0, genders},
  {"birth_date", "出生日期", field_type::date, "P1", 0, 0},
  {"mobile", "手机号", field_type::text, "P2", 11, 20, {}, mobile_of},
  {"address", "联系地址", field_type::text, "P2", 5, 200},
  {"education", "最高学历", field_type::choice, "P1", 0, 0, educations},
  {"degree", "最高学位", field_type::choice, "P1", 0, 0, degrees},
  {"title_level", "职称级别", field_type::choice, "P1", 0, 0, title_levels},
  {"employer", "工作单位", field_type::text, "P1", 2, 100},
  {"position", "职务", field_type::text, "P1", 1, 60},
  {"work_started_on", "参加工作时间", field_type::month, "P1", 0, 0},
  {"trade_years", "从事相关专业年限", field_type::integer, "P1", 0, 60},
  {"categories", "专业类别", field_type::choices, "P0", 1, 6, categories},
};

struct declaration {
  std::string_view id;
  std::string_view text;
};

constexpr int declaration_version = 1;

constexpr declaration declarations[] = {
  {"TRUTH", "本人承诺所填内容和所交材料真实、准确、完整，并对此负责。"},
  {"INDEPENDENCE",
   "本人承诺独立、公正履行评审职责，保守秘密，遇应当回避情形主动回避。"},
  {"CLEAN_RECORD", "本人无犯罪记录和失信记录，未曾被取消评标评审资格。"},
  {"PRIVACY",
   "本人已阅读个人信息保护告知书，并单独同意处理其中的敏感个人信息。"},
};

constexpr int age_limit = 70;
constexpr int working_age = 16;

// --- what staff see ----------------------------------------------------------

constexpr std::string_view protected_class = "P2";

std::string masked(const field_spec& field, std::string_view value) {
  if (field.key == "mobile")
    return mask_phone(value);
  if (field.key == "id_no")
    return mask_id(value);
  return field.key == "address" ? mask_address(value) : "****";
}

// --- checking one field ------------------------------------------------------

struct checking {
  form_mode mode;
  calendar_day today;
  checked_form out;

  void complain(const field_spec& field, std::string_view code,
                std::string_view what) {
    out.errors.push_back({std::string{field.key}, std::string{code},
                          std::string{field.label} + std::string{what}});
  }
  bool submitting() const {
    return mode == form_mode::submission;
  }
};

bool offers(std::span<const option> options, std::string_view code) {
  return std::any_of(options.begin(), options.end(),
                     [=](const option& o) { return o.code == code; });
}

bool is_empty(const json* value) {
  return value == nullptr || (value->is_string() && *value == "")
         || (value->is_array() && value->empty());
}

/// Nothing when the text breaks the field's own rule.
std::optional<std::string>
normalise(const field_spec& field, std::string_view text, calendar_day today) {
  switch (field.type) {
  case field_type::choice:
    return offers(field.options, text) ? std::optional<std::string>{text}
                                       : std::nullopt;
  case field_type::date:
    if (auto day = day_of(text); day && *day <= today)
      return std::string{text};
    return std::nullopt;
  case field_type::month:
    if (auto month = month_of(text);
        month && *month <= today.year() / today.month())
      return std::string{text};
    return std::nullopt;
  default:
    if (field.rule != nullptr)
      return field.rule(text);
    return free_text_of(text, static_cast<std::size_t>(field.least),
                        static_cast<std::size_t>(field.most));
  }
}

void check_text(checking& in, const field_spec& field, const json& value) {
  constexpr std::size_t longest = 2000;
  auto text = value.is_string()
                ? free_text_of(value.get_ref<const std::string&>(), 0, longest)
                : std::nullopt;
  if (!text)
    return in.complain(field, "malformed", "格式不正确");
  auto normal = normalise(field, *text, in.today);
  if (!normal && in.submitting())
    return in.complain(field, "malformed", "格式不正确");
  in.out.form[field.key] = normal ? *normal : *text;
}

void check_integer(checking& in, const field_spec& field, const json& value) {
  if (!value.is_number_integer())
    return in.complain(field, "malformed", "必须是整数");
  bool too_large = value.is_number_unsigned() && value > field.most;
  if (too_large || value < field.least || value > field.most)
    return in.complain(field, "out_of_range", "超出允许范围");
  in.out.form[field.key] = value;
}

/// The known codes of a list, each once and in the order of the options.
json chosen_codes(const field_spec& field, const json& list) {
  json codes = json::array();
  for (const option& offered : field.options)
    if (std::find(list.begin(), list.end(), json(offered.code)) != list.end())
      codes.push_back(offered.code);
  return codes;
}

void check_choices(checking& in, const field_spec& field, const json& value) {
  if (!value.is_array())
    return in.complain(field, "malformed", "格式不正确");
  auto codes = chosen_codes(field, value);
  if (codes.size() != value.size())
    return in.complain(field, "not_a_choice", "含有无效或重复的选项");
  if (codes.size() > static_cast<std::size_t>(field.most))
    return in.complain(field, "too_many", "选择过多");
  in.out.form[field.key] = std::move(codes);
}

void check_field(checking& in, const field_spec& field, const json& typed) {
  const json* value = find(typed, field.key);
  if (is_empty(value)) {
    if (in.submitting())
      in.complain(field, "required", "为必填项");
    return;
  }
  if (field.type == field_type::choices)
    check_choices(in, field, *value);
  else if (field.type == field_type::integer)
    check_integer(in, field, *value);
  else
    check_text(in, field, *value);
}

// --- what fields say of each other -------------------------------------------

const field_spec& field_named(std::string_view key) {
  return *std::find_if(std::begin(fields), std::end(fields),
                       [=](const field_spec& f) { return f.key == key; });
}

/// Edge 71: a typed gender or birth date must be the number's own.
void check_holder(checking& in, const resident_id& id) {
  auto gender = text_at(in.out.form, "gender");
  if (!gender.empty() && (gender == "MALE") != id.male) {
    in.complain(field_named("id_no"), "disagrees", "与性别不一致");
    in.complain(field_named("gender"), "disagrees", "与证件号码不一致");
  }
  auto birth = text_at(in.out.form, "birth_date");
  if (!birth.empty() && birth != to_text(id.birth)) {
    in.complain(field_named("id_no"), "disagrees", "与出生日期不一致");
    in.complain(field_named("birth_date"), "disagrees", "与证件号码不一致");
  }
}

void accept_number(checking& in, std::optional<std::string> number) {
  if (number)
    in.out.form["id_no"] = std::move(*number);
  else
    in.complain(field_named("id_no"), "malformed", "格式不正确");
}

void accept_number(checking& in, std::optional<resident_id> id) {
  if (!id)
    return accept_number(in, std::optional<std::string>{});
  check_holder(in, *id);
  accept_number(in, std::move(id->number));
}

void check_id_number(checking& in) {
  std::string typed{text_at(in.out.form, "id_no")};
  auto type = text_at(in.out.form, "id_type");
  if (typed.empty() || type.empty())
    return;
  if (type == "RESIDENT_ID")
    accept_number(in, resident_id_of(typed, in.today));
  else if (type == "HMT_PERMIT")
    accept_number(in, residence_permit_of(typed, in.today));
  else if (type == "PASSPORT")
    accept_number(in, passport_of(typed));
  else
    accept_number(in, permanent_resident_card_of(typed));
}

void check_working_life(checking& in) {
  using std::chrono::day;
  auto started = month_of(text_at(in.out.form, "work_started_on"));
  if (!started)
    return;
  auto birth = day_of(text_at(in.out.form, "birth_date"));
  if (birth
      && *started < add_years(*birth, working_age).year() / birth->month())
    in.complain(field_named("work_started_on"), "too_early", "早于16周岁");
  auto years = integer_at(in.out.form, "trade_years");
  if (years && *years > full_years(*started / day{1}, in.today))
    in.complain(field_named("trade_years"), "out_of_range",
                "不能超过参加工作以来的年数");
}

void check_age(checking& in) {
  auto birth = day_of(text_at(in.out.form, "birth_date"));
  if (birth && full_years(*birth, in.today) > age_limit)
    in.complain(field_named("birth_date"), "over_age", "超过申报年龄上限");
}

// --- description for the pages -----------------------------------------------

std::string_view to_text(field_type type) {
  constexpr std::string_view names[] = {"text", "choice", "choices",
                                        "date", "month",  "integer"};
  return names[static_cast<std::size_t>(type)];
}

json describe(std::span<const option> options) {
  json list = json::array();
  for (const option& o : options)
    list.push_back({{"code", o.code}, {"label", o.label}});
  return list;
}

json describe(const field_spec& field) {
  return {{"key", field.key},
          {"label", field.label},
          {"type", to_text(field.type)},
          {"required", true},
          {"pii", field.pii},
          {"min", field.least},
          {"max", field.most},
          {"options", describe(field.options)}};
}

struct named_function {
  function what;
  std::string_view name;
};

constexpr named_function pool_functions[] = {
  {function::archive, "ARCHIVE"},       {function::change, "CHANGE"},
  {function::records, "RECORDS"},       {function::good_record, "GOOD_RECORD"},
  {function::suspension, "SUSPENSION"}, {function::dismissal, "DISMISSAL"},
};

json channels_for(function what, std::string_view pool) {
  json channels = json::array();
  for (channel ch : {channel::wechat, channel::pc})
    if (check_channel(what, pool, ch) == errc::none)
      channels.push_back(domain::to_text(ch));
  return channels;
}

json describe_pool(const option& pool) {
  json functions = json::object();
  for (const auto& [what, name] : pool_functions)
    functions[name] = channels_for(what, pool.code);
  return {{"code", pool.code}, {"name", pool.label}, {"functions", functions}};
}

} // namespace

checked_form validate(const json& typed, form_mode mode, instant now) {
  checking in{mode, beijing_date(now), {json::object(), {}}};
  for (const field_spec& field : fields)
    check_field(in, field, typed);
  if (in.submitting()) {
    check_id_number(in);
    check_working_life(in);
    check_age(in);
  }
  return std::move(in.out);
}

json masked_form(const json& form) {
  json shown = form;
  for (const auto& field : fields)
    if (field.pii == protected_class && shown.contains(field.key))
      shown[std::string{field.key}] = masked(field, text_at(form, field.key));
  return shown;
}

json protected_part(const json& form) {
  json part = json::object();
  for (const auto& field : fields)
    if (const json* value = find(form, field.key);
        value != nullptr && field.pii == protected_class)
      part[std::string{field.key}] = *value;
  return part;
}

std::vector<std::string> target_pools_of(const json& form) {
  return known_pools(texts_at(form, "target_pools"));
}

std::vector<std::string> known_pools(const std::vector<std::string>& codes) {
  std::vector<std::string> known;
  for (const option& pool : pools)
    if (std::find(codes.begin(), codes.end(), pool.code) != codes.end())
      known.emplace_back(pool.code);
  return known;
}

std::string_view pool_name(std::string_view code) {
  for (const option& pool : pools)
    if (pool.code == code)
      return pool.label;
  return {};
}

std::string pool_names(const std::vector<std::string>& codes) {
  std::string names;
  for (const auto& code : codes) {
    if (!names.empty())
      names += "、";
    names += pool_name(code);
  }
  return names;
}

std::vector<field_error>
missing_declarations(const std::vector<std::string>& ticked) {
  std::vector<field_error> missing;
  for (const auto& needed : declarations)
    if (std::find(ticked.begin(), ticked.end(), needed.id) == ticked.end())
      missing.push_back({"declarations." + std::string{needed.id}, "required",
                         "请阅读并勾选此项声明"});
  return missing;
}

std::vector<std::string> declaration_ids() {
  std::vector<std::string> ids;
  for (const auto& each : declarations)
    ids.emplace_back(each.id);
  return ids;
}

json pools_and_forms() {
  json described = {{"pools", json::array()},
                    {"form", {{"version", form_version}}},
                    {"declarations", json::array()}};
  for (const option& pool : pools)
    described["pools"].push_back(describe_pool(pool));
  for (const field_spec& field : fields)
    described["form"]["fields"].push_back(describe(field));
  for (const auto& each : declarations)
    described["declarations"].push_back(
      {{"id", each.id}, {"version", declaration_version}, {"text", each.text}});
  return described;
}

} // namespace zhiku::domain
