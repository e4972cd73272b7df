#pragma once
// The application form as data (RULES 3.1-3.5): what the pages draw and what
// a submission is checked against come from the one table in form.cpp.

#include "domain/entity.hpp"

namespace zhiku::domain {

inline constexpr int form_version = 1;

/// The identity that applicants and experts act under.
inline constexpr std::string_view expert_identity = "EXPERT_APPLICANT";

enum class form_mode {
  draft,     ///< whatever has been typed so far, well-formed or not
  submission ///< complete and right
};

struct checked_form {
  json form; ///< normalised; fields the form does not know are left out
  std::vector<field_error> errors; ///< every wrong field at once (edge 7)

  bool ok() const {
    return errors.empty();
  }
};

/// Checks a typed form. Ages and "not in the future" are judged at `now`.
checked_form validate(const json& typed, form_mode mode, instant now);

/// The form as staff see it: what RULES 3 calls P2 is masked, all else in
/// clear.
json masked_form(const json& form);

/// The part of it that is masked there, in clear.
json protected_part(const json& form);

/// The pools chosen in a form: known ones, each once, in the house's order.
std::vector<std::string> target_pools_of(const json& form);

/// Those of `codes` that are pools, each once, in the house's order.
std::vector<std::string> known_pools(const std::vector<std::string>& codes);

/// The Chinese name of "BID" or "GREEN"; "" for anything else.
std::string_view pool_name(std::string_view pool);

/// The Chinese names of the pools, joined by 、.
std::string pool_names(const std::vector<std::string>& pools);

/// The declarations that `ticked` lacks, as one error each.
std::vector<field_error>
missing_declarations(const std::vector<std::string>& ticked);

/// The ids of all declarations, in the house's order. A submission ticks them
/// all, so they are what is recorded with it.
std::vector<std::string> declaration_ids();

/// Pools, form and declarations for the pages:
/// `{pools: [{code, name, functions: {NAME: [channels]}}],
///   form: {version, fields: [{key, label, type, required, pii, min, max,
///   options}]}, declarations: [{id, version, text}]}`.
json pools_and_forms();

} // namespace zhiku::domain
