#pragma once
// Web authorisation (PROTOCOL 3, 4): codes, and the tokens they are changed
// for. Time is given. Not thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <string>
#include <variant>

namespace zhiku::sandbox {

class oauth_desk {
public:
  /// What a person allowed an application to know.
  struct grant {
    std::string app_id;
    std::string person; ///< the follower's openid at the service account
    std::string openid; ///< what the application gets to see
    std::string scope;
    bool snapshot = false; ///< `openid` is a virtual one
  };

  struct tokens {
    grant what;
    std::string access_token;
    std::string refresh_token;
    std::chrono::seconds expires_in{0};
  };

  template <class T>
  using outcome = std::variant<T, int>; ///< or the errcode of the refusal

  std::string issue_code(grant what, instant now,
                         std::chrono::seconds lifetime);

  /// Takes a code once and in time: 40029, 40163, 42003.
  outcome<grant> redeem(const std::string& app_id, const std::string& code,
                        instant now);

  tokens issue_tokens(grant what, instant now);

  /// A live access token is prolonged, a dead one replaced: 40030, 42002,
  /// 42007.
  outcome<tokens> refresh(const std::string& app_id,
                          const std::string& refresh_token, instant now);

  /// Whom the access token is for: 40001, 42001, 42007.
  outcome<grant> check(const std::string& access_token, instant now) const;

  /// The person changed the password: every token of theirs is void.
  void password_changed(const std::string& person);

private:
  struct code_entry {
    grant what;
    instant expires_at;
    bool used = false;
  };

  struct token_entry {
    grant what;
    std::string access_token;
    instant access_end;
    instant refresh_end;
    bool void_ = false; ///< by a change of password
  };

  std::map<std::string, code_entry> codes_;
  std::map<std::string, token_entry> by_refresh_;
  std::map<std::string, std::string> refresh_of_; ///< by access token
};

} // namespace zhiku::sandbox
