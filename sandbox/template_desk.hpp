#pragma once
// Template messages as the platform takes and refuses them (PROTOCOL 5). Time
// is given. Not thread-safe.

#include "sandbox/clock.hpp"
#include "sandbox/follower_book.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

class template_desk {
public:
  struct outcome {
    int errcode = 0;
    std::string errmsg = "ok";
    std::int64_t msgid = 0; ///< of errcode 0
    bool repeated = false;  ///< client_msg_id was seen: nothing delivered
  };

  /// Names a template: `{template_id, title, labels: {field: text}}`. Fields
  /// with a label are obligatory. Ids that begin with `sandbox-` need no name.
  void define(const nlohmann::json& form);

  /// Judges `body` and, when it is right, puts the message into the chat.
  outcome send(const nlohmann::json& body, follower_book& followers,
               instant now);

private:
  struct form {
    std::string title;
    std::map<std::string, std::string> labels;
  };

  const form* find(const std::string& template_id);
  static outcome judge(const form& by, const nlohmann::json& data);

  std::map<std::string, form> forms_;
  std::map<std::pair<std::string, std::string>,
           std::pair<instant, std::int64_t>>
    seen_; ///< openid and client_msg_id to when and msgid
  std::int64_t last_msgid_ = 3'000'000'000'000'000'000;
};

} // namespace zhiku::sandbox
