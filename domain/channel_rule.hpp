#pragma once
// Which function is offered in which pool on which channel (RULES 1.2, 1.7).
// The channel is that of the login, never a parameter.

#include "domain/entity.hpp"

namespace zhiku::domain {

enum class function : std::uint8_t {
  // applicant stage, no pool
  save_application,
  upload_image,
  upload_pdf,
  download_sample,
  sit_exam,
  // expert functions, by pool
  archive,
  change,
  records,
  good_record,
  suspension,
  dismissal
};

/// errc::none, channel_not_allowed or function_not_in_pool. `pool` is "BID" or
/// "GREEN", and ignored for the applicant stage.
errc check_channel(function what, std::string_view pool, channel ch);

} // namespace zhiku::domain
