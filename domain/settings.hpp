#pragma once
// The switches and limits of RULES section 7 that deciders read. `config/`
// fills them; the defaults here are the ones to ship.

#include "domain/time.hpp"

#include <vector>

namespace zhiku::domain {

struct policy {
  // SMS code (2.1)
  seconds sms_ttl{300};
  seconds sms_gap{60};
  int sms_tries = 5;
  int sms_day = 10;       ///< codes to one phone for one asker in a day
  int sms_phone_day = 50; ///< codes to one phone for all askers in a day
  int sms_free = 3; ///< codes to one phone in an hour before work is asked for
  std::int64_t sms_work =
    100'000; ///< numbers that a proof of work tries at most
  // Enforced at the front door, which knows addresses.
  int sms_ip_hour = 20;       ///< from an IPv4 address or an IPv6 /64
  int sms_network_hour = 200; ///< from an IPv4 /24 or an IPv6 /48
  int sms_all_hour =
    20'000; ///< of the whole node; beyond it somebody is alarmed

  // case (2.2)
  int case_max_returns = 0;            ///< 0: no limit
  seconds case_supplement{21 * 86400}; ///< 15 working days; 0: none
  bool case_withdraw_when_returned = false;

  // exam (4.2)
  seconds exam_grace{30};
  seconds exam_min_notice{72 * 3600};
  std::int64_t exam_pass_tenths = 600;
  bool exam_score_on_wechat = true;

  // expert (2.5)
  int term_years = 3;

  // staff
  bool four_eyes = true; ///< one account may not both check and approve
};

} // namespace zhiku::domain
