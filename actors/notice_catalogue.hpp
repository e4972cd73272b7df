#pragma once
// Which event is told by which route: RULES 2.11 as data, and the texts.

#include "domain/entity.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::actors {

struct notice_kind {
  std::string_view event;
  std::string_view title;  ///< what it is about, at most 20 characters
  std::string_view phrase; ///< the new state, at most 5 characters
  bool by_template;
  bool by_sms;           ///< besides the template; else only in its place
  std::string_view page; ///< opened by the message, below /h5
};

/// Null for an event nobody is told of outside the pages.
const notice_kind* find_notice(std::string_view event);

/// Every kind, for checks of the configuration.
const std::vector<notice_kind>& all_notices();

/// The fields of the template message, fitted to their types. Never holds
/// names, ID numbers, or a score.
std::map<std::string, std::string> template_fields(const notice_kind& kind,
                                                   const domain::json& payload,
                                                   domain::instant at);

/// The parameters of the SMS template, in order.
std::vector<std::string> sms_params(const notice_kind& kind,
                                    const domain::json& payload);

} // namespace zhiku::actors
