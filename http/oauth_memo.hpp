#pragma once
// Authorisations just finished (edge 21): WeChat's back button and its double
// redirects bring the same code, state and browser again within minutes, and
// must end in the same session. Thread-safe, in memory of this node, bounded.

#include "domain/time.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

namespace zhiku::http {

/// What the first return came to.
struct oauth_ending {
  std::string token;
  std::string csrf;
  std::string target;
};

class oauth_memo {
public:
  static constexpr std::chrono::minutes lifetime{5};

  explicit oauth_memo(std::size_t limit = 20'000);

  void remember(const std::string& code, const std::string& state,
                const std::string& browser, oauth_ending ending,
                domain::instant now);

  std::optional<oauth_ending> recall(const std::string& code,
                                     const std::string& state,
                                     const std::string& browser,
                                     domain::instant now);

private:
  struct entry {
    oauth_ending ending;
    domain::instant until;
  };

  const std::size_t limit_;
  std::mutex mutex_;
  std::unordered_map<std::string, entry> entries_; ///< by digest of the three
};

} // namespace zhiku::http
