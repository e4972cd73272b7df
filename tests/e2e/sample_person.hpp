#pragma once
// Somebody new for each telling of the story. Nobody real: the number's serial
// and the phone are drawn at random.

#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::e2e {

struct sample_person {
  std::string name;
  std::string phone;
  std::string id_no;
};

/// A person with a valid, random phone and resident ID number.
sample_person new_person();

/// The application form of that person for `pool`.
nlohmann::json application_form(const sample_person& who,
                                const std::string& pool);

} // namespace zhiku::e2e
