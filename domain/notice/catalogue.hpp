#pragma once
// Which event is told to people how: RULES 2.11 as data. The catalogue is a
// file (config/notices.toml), because template fields and texts differ from
// account to account; what it may say about a person is checked here.

#include "domain/entity.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::domain::notice {

/// When an SMS goes out.
enum class sms_rule : std::uint8_t {
  never,   ///< the in-app message has to do
  instead, ///< when no template message reaches the person
  also     ///< besides the template message
};

struct kind {
  std::string event; ///< "CASE_RETURNED", as `effect::type` says it
  std::string title; ///< what it is about, in the person's words
  std::string page;  ///< local path that the message opens; may have `{…}`
  bool by_template = true;
  sms_rule sms = sms_rule::instead;
  bool reminder = false; ///< no SMS in quiet hours
  bool urgent = false;   ///< does not wait for a slow platform or for receipts
  /// Template field -> text with placeholders: `{number}`, `{deadline|at}`.
  std::map<std::string, std::string> fields;
  /// Parameters of the SMS template, in order, with placeholders.
  std::vector<std::string> sms_params;
  /// The text registered with the carriers, `{1}` being the first parameter.
  std::string sms_text;

  bool operator==(const kind&) const = default;
};

/// One line for an operator.
struct problem {
  std::string event;
  std::string what;

  bool operator==(const problem&) const = default;
};

class catalogue {
public:
  catalogue() = default;

  /// Reads `{EVENT: {title, page, template, sms, …}}`; what is wrong is added
  /// to `problems`, all of it at once.
  static catalogue of(const json& table, std::vector<problem>& problems);

  /// Null for an event nobody is told of outside the pages.
  const kind* find(std::string_view event) const;

  const std::vector<kind>& all() const {
    return kinds_;
  }

private:
  std::vector<kind> kinds_; ///< by event
};

/// `text` with its placeholders filled from a notification's payload. Of
/// `{a|b}` the first that is there; nothing for one that is not.
std::string filled(std::string_view text, const kind& of, const json& payload);

} // namespace zhiku::domain::notice
