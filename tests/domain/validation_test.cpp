#include "domain/validation/numbers.hpp"
#include "domain/validation/text.hpp"

#include <gtest/gtest.h>

namespace zhiku::domain {
namespace {

const calendar_day today = day_of("2026-11-23").value();

TEST(resident_id, edge_70_normalises) {
  for (auto typed :
       {"11010519491231002X", "11010519491231002x", " 110105 19491231 002X ",
        "１１０１０５１９４９１２３１００２Ｘ"}) {
    auto id = resident_id_of(typed, today);
    ASSERT_TRUE(id) << typed;
    EXPECT_EQ(id->number, "11010519491231002X");
    EXPECT_EQ(to_text(id->birth), "1949-12-31");
    EXPECT_FALSE(id->male);
  }
  EXPECT_TRUE(resident_id_of("440524188001010014", today)->male);
}

TEST(resident_id, refuses) {
  for (auto typed :
       {"110105194912310021", "110105490230002", "11010519490230002X", "",
        "11010519491231002XX", "1101051949123100二X", "440524203001010019"})
    EXPECT_FALSE(resident_id_of(typed, today)) << typed;
}

/// `first_17` with its check character, computed apart from the house's code.
std::string with_check(std::string first_17) {
  int sum = 0;
  for (int i = 0; i < 17; ++i) {
    int weight = 1;
    for (int k = 0; k < 17 - i; ++k)
      weight = weight * 2 % 11;
    sum += (first_17[static_cast<std::size_t>(i)] - '0') * weight;
  }
  int check = (12 - sum % 11) % 11;
  return first_17 + (check == 10 ? 'X' : static_cast<char>('0' + check));
}

TEST(resident_id, calendar_and_future_are_checked_besides_the_check_digit) {
  EXPECT_TRUE(resident_id_of(with_check("44052419800101001"), today));
  EXPECT_FALSE(resident_id_of(with_check("44052419800230001"), today));
  EXPECT_TRUE(resident_id_of(with_check("44052420261123001"), today));
  EXPECT_FALSE(resident_id_of(with_check("44052420261124001"), today));
}

TEST(residence_permit, edge_72_three_areas) {
  for (std::string area : {"810000", "820000", "830000"})
    EXPECT_TRUE(residence_permit_of(with_check(area + "19800101001"), today));
  EXPECT_FALSE(residence_permit_of(with_check("44052419800101001"), today));
}

TEST(mobile, normalises) {
  for (auto typed :
       {"13800138000", " 138 0013 8000 ", "138-0013-8000", "+8613800138000",
        "8613800138000", "１３８００１３８０００"})
    EXPECT_EQ(mobile_of(typed), "13800138000") << typed;
  EXPECT_TRUE(mobile_of("19912345678"));
  EXPECT_TRUE(mobile_of("16212345678"));
}

TEST(mobile, refuses) {
  for (auto typed : {"12800138000", "1380013800", "138001380000", "", "abc",
                     "1380013800a", "+1 3800138000", "23800138000"})
    EXPECT_FALSE(mobile_of(typed)) << typed;
}

TEST(credit_code, check_character) {
  EXPECT_EQ(credit_code_of("91350100m000100y43"), "91350100M000100Y43");
  EXPECT_FALSE(credit_code_of("91350100M000100Y4Z"));
  EXPECT_FALSE(credit_code_of("91350100M000100Y44"));
  EXPECT_FALSE(credit_code_of("9135010OM000100Y43"));
  EXPECT_FALSE(credit_code_of("91350100M000100Y4"));
}

TEST(passport, letters_and_digits) {
  EXPECT_EQ(passport_of("e12345678"), "E12345678");
  EXPECT_FALSE(passport_of("E123"));
  EXPECT_FALSE(passport_of("E1234_678"));
  EXPECT_FALSE(passport_of("ABCDEFGHIJKLMNOPQR"));
}

TEST(name, chinese_and_foreign) {
  EXPECT_EQ(name_of(" 李明 "), "李明");
  for (auto typed : {"阿依古丽·买买提", "阿依古丽•买买提", "阿依古丽.买买提",
                     "阿依古丽．买买提"})
    EXPECT_EQ(name_of(typed), "阿依古丽·买买提") << typed;
  EXPECT_TRUE(name_of("𠮷田"));
  EXPECT_TRUE(name_of("Anne Müller"));
}

TEST(name, refuses) {
  for (auto typed :
       {"张3", "张", "", "张\x01明", "张明！", "\xff\xfe", "张\n明"})
    EXPECT_FALSE(name_of(typed)) << typed;
  std::string fifty_one;
  for (int i = 0; i < 51; ++i)
    fifty_one += "明";
  EXPECT_FALSE(name_of(fifty_one));
  EXPECT_TRUE(name_of(fifty_one.substr(3)));
}

TEST(sms_code, six_ascii_digits) {
  EXPECT_TRUE(is_sms_code("012345"));
  for (auto typed : {"12345", "1234567", "12345a", "１２３４５６", ""})
    EXPECT_FALSE(is_sms_code(typed)) << typed;
}

TEST(free_text, trims_and_drops_controls) {
  EXPECT_EQ(free_text_of("\t 项目\x07经理 \n", 1, 60), "项目经理");
  EXPECT_EQ(free_text_of("a\nb", 1, 60), "a\nb");
  EXPECT_EQ(free_text_of("<b>", 1, 60), "<b>");
  EXPECT_EQ(free_text_of("\u202eabc", 1, 60), "abc");
  EXPECT_FALSE(free_text_of("  ", 1, 60));
  EXPECT_FALSE(free_text_of("四个汉字", 1, 3));
  EXPECT_FALSE(free_text_of("\xc0\x80", 0, 60));
}

TEST(utf8, round_trip_and_malformed) {
  std::string text = "aé汉𠮷";
  EXPECT_EQ(encode_utf8(decode_utf8(text).value()), text);
  for (auto bad :
       {"\xed\xa0\x80", "\xe4\xb8", "\x80", "\xf5\x80\x80\x80", "\xe0\x80\x80"})
    EXPECT_FALSE(decode_utf8(bad));
}

} // namespace
} // namespace zhiku::domain
