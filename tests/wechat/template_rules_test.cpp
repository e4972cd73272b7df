#include "wechat/template_rules.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::wechat {

namespace {

struct example {
  const char* field;
  const char* value;
  bool fits;
};

std::string times(const char* text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i)
    out += text;
  return out;
}

} // namespace

TEST(template_rules, types_by_name) {
  EXPECT_EQ(type_of_field("thing2"), field_type::thing);
  EXPECT_EQ(type_of_field("short_thing11"), field_type::short_thing);
  EXPECT_EQ(type_of_field("character_string1"), field_type::character_string);
  EXPECT_EQ(type_of_field("const6"), field_type::constant);
  EXPECT_EQ(type_of_field("enum_string6"), field_type::constant);
  EXPECT_EQ(type_of_field("keyword1"), field_type::free);
  EXPECT_EQ(type_of_field("first"), field_type::free);
  EXPECT_EQ(type_of_field("thing"), field_type::free);
  EXPECT_EQ(type_of_field(""), field_type::free);
  EXPECT_EQ(type_of_field("7"), field_type::free);
}

TEST(template_rules, examples) {
  const std::vector<example> examples = {
    {"thing1", "招标评审专家", true},
    {"thing1", "", false},
    {"thing1", "两\n行", false},
    {"character_string1", "ZK-2024/0001 x", true},
    {"character_string1", "编号1", false},
    {"number1", "12.5", true},
    {"number1", "12,5", false},
    {"letter1", "abC", true},
    {"letter1", "ab1", false},
    {"symbol1", "%$#", true},
    {"symbol1", "%$#@!~", false},
    {"time1", "15:01", true},
    {"time1", "2019年10月1日 15:01", true},
    {"time1", "2024-05-01 15:01", true},
    {"time1", "2024-05-01 15:01:30", true},
    {"time1", "2019年10月1日 15:01~2019年10月1日 16:01", true},
    {"time1", "明天下午", false},
    {"date1", "2019年10月1日", true},
    {"date1", "2019-10-01", true},
    {"time1", "9:05:59", true},
    {"time1", "15:1", false},
    {"time1", "15:01:", false},
    {"time1", "15:01 ", false},
    {"time1", "2019年10月1日15:01", true},
    {"time1", "2019年10月 1日", false},
    {"time1", "08:00 ~ 09:00", true},
    {"time1", "08:00~", false},
    {"date1", "15:01", false},
    {"date1", "2019/1/1", true},
    {"date1", "2019", false},
    {"date1", "2019-10", false},
    {"date1", "2019-10-", false},
    {"date1", "19-10-01", false},
    {"date1", "2019-10-01 ", false},
    {"date1", "2019-10-01 15", false},
    {"number1", "", false},
    {"number1", "7.", false},
    {"number1", ".7", false},
    {"number1", "-7", false},
    {"number1", "12345678901234567890123456789012", true},
    {"number1", "123456789012345678901234567890123", false},
    {"amount1", "1234567890.55元", true},
    {"amount1", "12345678901", false},
    {"amount1", "￥", false},
    {"amount1", "￥￥1", false},
    {"amount1", "￥100.50", true},
    {"amount1", "100元", true},
    {"amount1", "一百", false},
    {"phone_number1", "+86-13711112222", true},
    {"phone_number1", "137 1111", false},
    {"car_number1", "粤A8Z888挂", true},
    {"car_number1", "粤A8Z888挂挂", false},
    {"name1", "欧阳娜娜", true},
    {"phrase1", "已通过", true},
    {"phrase1", "已通过审核了", false},
    {"phrase1", "OK", false},
    {"const1", "任何已核准的文字都可以，长度不限，平台按字节比较", true},
    {"const1", "", false},
    {"short_thing1", "五个字以内", true},
    {"short_thing1", "超过了五个字", false},
    {"keyword1", "", true},
    {"thing1", "\xFF", false},
  };
  for (const auto& each : examples)
    EXPECT_EQ(fits_field(each.field, each.value), each.fits)
      << each.field << " = " << each.value;
}

TEST(template_rules, no_length_exhausts_the_stack) {
  for (const auto* field : {"number1", "amount1", "time1", "date1"})
    EXPECT_FALSE(fits_field(field, std::string(1'000'000, '7'))) << field;
  EXPECT_TRUE(fits_field("amount1", "1." + std::string(1'000'000, '7')));
}

TEST(template_rules, limits_count_characters) {
  EXPECT_TRUE(fits_field("thing1", times("中", 20)));
  EXPECT_FALSE(fits_field("thing1", times("中", 21)));
  EXPECT_TRUE(fits_field("name1", times("中", 10)));
  EXPECT_FALSE(fits_field("name1", times("中", 11)));
  EXPECT_TRUE(fits_field("name1", times("a", 20)));
  EXPECT_FALSE(fits_field("name1", times("a", 21)));
  EXPECT_TRUE(fits_field("character_string1", times("a", 32)));
  EXPECT_FALSE(fits_field("character_string1", times("a", 33)));
}

TEST(template_rules, fitting_cuts_with_an_ellipsis) {
  EXPECT_EQ(fitted_to_field("thing1", times("中", 21)), times("中", 19) + "…");
  EXPECT_EQ(fitted_to_field("thing1", "两\n行"), "两 行");
  EXPECT_EQ(fitted_to_field("thing1", ""), "无");
  EXPECT_EQ(fitted_to_field("phrase1", "已通过审核了"), "已通过审核");
  EXPECT_EQ(fitted_to_field("time1", "明天"), "明天");
  EXPECT_EQ(fitted_to_field("keyword1", times("中", 99)), times("中", 99));
}

TEST(template_rules, a_fitted_thing_always_fits) {
  EXPECT_TRUE(rc::check([](const std::u32string& any) {
    std::u32string valid;
    for (auto c : any)
      if (c < 0xD800)
        valid += c;
    auto value = utf8_of(valid);
    RC_ASSERT(fits_field("thing1", fitted_to_field("thing1", value)));
    RC_ASSERT(fits_field("name1", fitted_to_field("name1", value)));
  }));
}

TEST(template_rules, fields_are_read_out_of_the_content) {
  using names = std::vector<std::string>;
  EXPECT_EQ(fields_of_template(
              "申请人：{{thing2.DATA}}\n时间：{{time4.DATA}}\n{{const6.DATA}}"),
            (names{"thing2", "time4", "const6"}));
  EXPECT_EQ(fields_of_template("{{first.DATA}}{{{keyword1.DATA}}"),
            (names{"first", "keyword1"}));
  EXPECT_EQ(fields_of_template("no field, .DATA}} {{open"), names{});
  EXPECT_EQ(fields_of_template(""), names{});
}

} // namespace zhiku::wechat
