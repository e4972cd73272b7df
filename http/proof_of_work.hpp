#pragma once
// A proof of work that a browser does in place of a puzzle that people with a
// screen reader cannot do. The form is ALTCHA's version 1, so that its widget
// and libraries fit: find the number for which SHA-256(salt + number) is the
// challenge. Stateless: the challenge is signed, and names its end and its
// subject. Pure, thread-safe.

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "persistence/vault.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace zhiku::http {

class proof_of_work {
public:
  /// @param keys    sign; must outlive this
  /// @param effort  the largest number to be tried
  proof_of_work(const persistence::vault& keys, std::int64_t effort);

  /// A challenge for whatever is done to `subject`: algorithm, challenge, salt,
  /// signature, maxnumber.
  nlohmann::json make(const std::string& subject, domain::instant now) const;

  /// The challenge's id when `proof` (base64 of JSON with algorithm, challenge,
  /// number, salt and signature) solves one of ours for `subject` that has not
  /// ended. Whoever takes it keeps the id, so that it is taken once.
  std::optional<std::string> solved(std::string_view proof,
                                    const std::string& subject,
                                    domain::instant now) const;

private:
  std::string signature_of(const std::string& challenge) const;
  std::string mark_of(const std::string& subject) const;

  const persistence::vault& keys_;
  const std::int64_t effort_;
};

} // namespace zhiku::http
