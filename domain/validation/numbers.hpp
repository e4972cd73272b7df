#pragma once
// Numbers with rules of their own (RULES 3.7). Each `…_of` takes what was
// typed and gives the normalised number, or nothing when it breaks the rule.

#include "domain/validation/dates.hpp"

namespace zhiku::domain {

/// 11 digits of a mainland mobile number.
std::optional<std::string> mobile_of(std::string_view typed);

/// What an 18-character resident number says of its holder.
struct resident_id {
  std::string number; ///< with an upper-case X
  calendar_day birth;
  bool male;
};

/// GB 11643-1999. The birth day must not be later than `today`.
std::optional<resident_id> resident_id_of(std::string_view typed,
                                          calendar_day today);

/// The same for a residence permit of Hong Kong, Macao or Taiwan people.
std::optional<resident_id> residence_permit_of(std::string_view typed,
                                               calendar_day today);

/// 5 to 17 letters and digits.
std::optional<std::string> passport_of(std::string_view typed);

/// 15 to 18 letters and digits; the newer card's form is not published.
std::optional<std::string> permanent_resident_card_of(std::string_view typed);

/// A unified social credit code, GB 32100-2015.
std::optional<std::string> credit_code_of(std::string_view typed);

/// Whether it is exactly six ASCII digits.
bool is_sms_code(std::string_view typed);

} // namespace zhiku::domain
