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
  int sms_day = 10;
  int sms_ip_hour = 20; ///< enforced at the front door, which knows addresses

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
