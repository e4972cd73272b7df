#pragma once
// Rising delays for who guesses passwords. A delay belongs to the login and the
// address together, and to the address and its network over all logins: nobody
// can shut another out by guessing at their account. In memory of this node,
// bounded.

#include "domain/time.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

namespace zhiku::http {

/// Thread-safe.
class login_throttle {
public:
  explicit login_throttle(std::size_t most_entries = 100'000);

  /// How long this one has to wait before it may try; zero: now, and the try
  /// counts as failed until `succeeded` says otherwise, so that many at once
  /// are no way round.
  domain::seconds enter(const std::string& login, const std::string& address,
                        domain::instant now);

  void succeeded(const std::string& login, const std::string& address);

  /// Takes a try back that came to nothing for a reason of ours.
  void withdraw(const std::string& login, const std::string& address);

  /// Tries that failed for this login within its last busy hour, from anywhere.
  int failures(const std::string& login) const;

private:
  struct record {
    int failed = 0;
    domain::instant next{}; ///< no try before
    domain::instant last{};
  };
  using records = std::unordered_map<std::string, record>;

  record& of(records& in, const std::string& key, domain::instant now);

  const std::size_t most_entries_;
  mutable std::mutex mutex_;
  records by_pair_;
  records by_address_;
  records by_network_;
  records by_login_; ///< counted only
};

} // namespace zhiku::http
