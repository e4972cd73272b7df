#include "domain/validation/numbers.hpp"

#include "domain/validation/text.hpp"

#include <algorithm>

namespace zhiku::domain {

namespace {

bool is_digit(char ch) {
  return ch >= '0' && ch <= '9';
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_digit);
}

char resident_check(std::string_view first_17) {
  constexpr int weights[] = {7, 9, 10, 5,  8, 4, 2, 1, 6,
                             3, 7, 9,  10, 5, 8, 4, 2};
  int sum = 0;
  for (std::size_t i = 0; i < first_17.size(); ++i)
    sum += (first_17[i] - '0') * weights[i];
  return "10X98765432"[sum % 11];
}

std::string iso_birth(std::string_view number) {
  std::string iso{number.substr(6, 4)};
  iso += '-';
  iso += number.substr(10, 2);
  iso += '-';
  return iso += number.substr(12, 2);
}

std::optional<std::string> letters_and_digits(std::string_view typed,
                                              std::size_t least,
                                              std::size_t most) {
  auto text = plain_number_of(typed);
  if (!text || text->size() < least || text->size() > most)
    return std::nullopt;
  bool plain = std::all_of(text->begin(), text->end(), [](char ch) {
    return is_digit(ch) || (ch >= 'A' && ch <= 'Z');
  });
  return plain ? text : std::nullopt;
}

} // namespace

std::optional<std::string> mobile_of(std::string_view typed) {
  auto text = plain_number_of(typed);
  if (!text)
    return std::nullopt;
  std::string_view digits = *text;
  if (digits.starts_with("+86"))
    digits.remove_prefix(3);
  else if (digits.size() == 15 && digits.starts_with("0086"))
    digits.remove_prefix(4);
  else if (digits.size() == 13 && digits.starts_with("86"))
    digits.remove_prefix(2);
  bool good = digits.size() == 11 && all_digits(digits) && digits[0] == '1'
              && digits[1] >= '3';
  return good ? std::optional{std::string{digits}} : std::nullopt;
}

std::optional<resident_id> resident_id_of(std::string_view typed,
                                          calendar_day today) {
  auto number = plain_number_of(typed);
  if (!number || number->size() != 18)
    return std::nullopt;
  auto body = std::string_view{*number}.substr(0, 17);
  if (!all_digits(body) || resident_check(body) != number->back())
    return std::nullopt;
  auto birth = day_of(iso_birth(*number));
  if (!birth || *birth > today)
    return std::nullopt;
  bool male = (body.back() - '0') % 2 == 1;
  return resident_id{std::move(*number), *birth, male};
}

std::optional<resident_id> residence_permit_of(std::string_view typed,
                                               calendar_day today) {
  auto id = resident_id_of(typed, today);
  if (!id)
    return std::nullopt;
  auto area = std::string_view{id->number}.substr(0, 6);
  bool known = area == "810000" || area == "820000" || area == "830000";
  return known ? id : std::nullopt;
}

std::optional<std::string> passport_of(std::string_view typed) {
  return letters_and_digits(typed, 5, 17);
}

std::optional<std::string> permanent_resident_card_of(std::string_view typed) {
  return letters_and_digits(typed, 15, 18);
}

std::optional<std::string> credit_code_of(std::string_view typed) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  auto text = plain_number_of(typed);
  if (!text || text->size() != 18)
    return std::nullopt;
  std::size_t sum = 0;
  std::size_t weight = 1;
  for (char ch : text->substr(0, 17)) {
    auto value = alphabet.find(ch);
    if (value == alphabet.npos)
      return std::nullopt;
    sum += value * weight;
    weight = weight * 3 % 31;
  }
  char check = alphabet[(31 - sum % 31) % 31];
  return text->back() == check ? text : std::nullopt;
}

bool is_sms_code(std::string_view typed) {
  return typed.size() == 6 && all_digits(typed);
}

} // namespace zhiku::domain
