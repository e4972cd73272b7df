#pragma once
// OAuth codes: good once, for 5 minutes (PROTOCOL 3). Time is given. Not
// thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <string>
#include <variant>

namespace zhiku::sandbox {

class code_desk {
public:
  struct grant {
    std::string openid;
    std::string scope;
  };

  std::string issue(grant what, instant now);

  /// What the code stands for, or the errcode of its refusal.
  std::variant<grant, int> redeem(const std::string& code, instant now);

private:
  struct entry {
    grant what;
    instant issued_at;
    bool used = false;
  };

  std::map<std::string, entry> entries_;
};

} // namespace zhiku::sandbox
