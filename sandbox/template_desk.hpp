#pragma once
// Template messages as the platform takes and refuses them, and the account's
// own templates (PROTOCOL 5). Time is given. Not thread-safe.

#include "sandbox/clock.hpp"
#include "sandbox/follower_book.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

class template_desk {
public:
  struct outcome {
    int errcode = 0;
    std::string errmsg;     ///< empty: the platform's usual words
    std::int64_t msgid = 0; ///< of errcode 0
    bool repeated = false;  ///< client_msg_id was seen: nothing delivered
  };

  template_desk();

  /// The account has the template `{template_id, title, labels: {field: text},
  /// values: {field: [text]}}`. Typed fields with a label are obligatory;
  /// those with values take no other. Ids that begin with `sandbox-` need no
  /// definition.
  void define(const nlohmann::json& form);

  /// The platform's library offers the template `{template_id_short, title,
  /// labels}` for `add`.
  void stock(const nlohmann::json& form);

  /// Takes a template of the library into the account: its id, or 40037 for an
  /// unknown one, 45026 beyond 25.
  /// @param keywords  labels wanted, in this order; empty: all
  std::variant<std::string, int> add(const std::string& template_id_short,
                                     const std::vector<std::string>& keywords);

  /// False when the account has no such template.
  bool remove(const std::string& template_id);

  /// The account's templates, as `get_all_private_template` tells them.
  nlohmann::json list() const;

  /// Judges `body` and, when it is right, puts the message into the chat.
  outcome send(const nlohmann::json& body, follower_book& followers,
               instant now);

  /// 0, 40036 or 40037.
  int judge_template_id(const nlohmann::json& body);

  /// Judges the fields. @pre judge_template_id(body) == 0
  outcome judge_data(const nlohmann::json& body);

  /// Puts a subscription notice that was judged into the chat.
  void deliver_notice(const nlohmann::json& body, std::int64_t msgid,
                      follower& to, instant now);
  std::int64_t next_msgid();

  /// Template messages accepted so far, oldest first; repeats not among them.
  const std::vector<nlohmann::json>& accepted() const {
    return accepted_;
  }

private:
  struct form {
    std::string title;
    std::map<std::string, std::string> labels;
    std::map<std::string, std::vector<std::string>> values;
  };

  static form form_of(const nlohmann::json& order);
  const form* find(const std::string& template_id);
  static outcome judge(const form& by, const nlohmann::json& data);
  void put_into_chat(const char* kind, const nlohmann::json& body,
                     std::int64_t msgid, follower& to, instant now);

  std::map<std::string, form> forms_;
  std::map<std::string, form> library_;
  std::map<std::pair<std::string, std::string>,
           std::pair<instant, std::int64_t>>
    seen_; ///< openid and client_msg_id to when and msgid
  std::vector<nlohmann::json> accepted_;
  std::int64_t last_msgid_ = 3'000'000'000'000'000'000;
};

} // namespace zhiku::sandbox
