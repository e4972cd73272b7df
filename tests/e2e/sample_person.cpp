#include "tests/e2e/sample_person.hpp"

#include <random>

namespace zhiku::e2e {

namespace {

constexpr auto region_and_birth = "44030519850307";

int draw(int least, int most) {
  static std::mt19937 source{std::random_device{}()};
  return std::uniform_int_distribution{least, most}(source);
}

std::string digits(int count) {
  std::string text;
  for (int i = 0; i < count; ++i)
    text += static_cast<char>('0' + draw(0, 9));
  return text;
}

/// GB 11643: the check character of the first 17 digits.
char check_character(const std::string& body) {
  constexpr int weights[] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                             3, 7, 9,  10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < body.size(); ++i)
    sum += (body[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

/// The serial of a man is odd.
std::string new_id_no() {
  auto odd = static_cast<char>('1' + 2 * draw(0, 4));
  auto body = region_and_birth + digits(2) + odd;
  return body + check_character(body);
}

} // namespace

sample_person new_person() {
  return {"陈志远", "199" + digits(8), new_id_no()};
}

nlohmann::json application_form(const sample_person& who,
                                const std::string& pool) {
  return {{"target_pools", {pool}},
          {"name", who.name},
          {"id_type", "RESIDENT_ID"},
          {"id_no", who.id_no},
          {"gender", "MALE"},
          {"birth_date", "1985-03-07"},
          {"mobile", who.phone},
          {"address", "广东省深圳市福田区莲花路样例花园1栋101"},
          {"education", "BACHELOR"},
          {"degree", "BACHELOR"},
          {"title_level", "MIDDLE"},
          {"employer", "深圳市样例物业服务有限公司"},
          {"position", "项目经理"},
          {"work_started_on", "2008-07"},
          {"trade_years", 15},
          {"categories", {"MANAGEMENT", "ENGINEERING"}}};
}

} // namespace zhiku::e2e
