#include "domain/channel_rule.hpp"

namespace zhiku::domain {

namespace {

enum class offer : std::uint8_t { everywhere, pc_only, never };

struct rule {
  function what;
  offer bid;
  offer green;
};

constexpr rule rules[] = {
  {function::save_application, offer::everywhere, offer::everywhere},
  {function::upload_image, offer::everywhere, offer::everywhere},
  {function::upload_pdf, offer::pc_only, offer::pc_only},
  {function::download_sample, offer::pc_only, offer::pc_only},
  {function::sit_exam, offer::everywhere, offer::everywhere},
  {function::archive, offer::everywhere, offer::everywhere},
  {function::change, offer::everywhere, offer::everywhere},
  {function::records, offer::everywhere, offer::everywhere},
  {function::good_record, offer::pc_only, offer::never},
  {function::suspension, offer::pc_only, offer::never},
  {function::dismissal, offer::pc_only, offer::pc_only},
};

errc verdict(offer offered, channel ch) {
  if (offered == offer::never)
    return errc::function_not_in_pool;
  if (offered == offer::pc_only && ch == channel::wechat)
    return errc::channel_not_allowed;
  return errc::none;
}

} // namespace

errc check_channel(function what, std::string_view pool, channel ch) {
  for (const rule& entry : rules)
    if (entry.what == what)
      return verdict(pool == "GREEN" ? entry.green : entry.bid, ch);
  return errc::function_not_in_pool;
}

} // namespace zhiku::domain
