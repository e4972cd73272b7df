#pragma once
// Consents to subscription notices (PROTOCOL 5): one message for one consent,
// or as many as wanted for a lasting one. Not thread-safe.

#include <map>
#include <string>
#include <utility>

namespace zhiku::sandbox {

class consent_desk {
public:
  void accept(const std::string& openid, const std::string& template_id,
              bool lasting);

  /// The person switched the template off: every consent to it is gone.
  void withdraw(const std::string& openid, const std::string& template_id);

  /// Uses up one consent; false when there is none.
  bool take(const std::string& openid, const std::string& template_id);

private:
  struct consent {
    int left = 0;
    bool lasting = false;
  };

  std::map<std::pair<std::string, std::string>, consent> consents_;
};

} // namespace zhiku::sandbox
