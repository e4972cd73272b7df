#include "actors/follower_repair.hpp"

#include "base/log.hpp"
#include "persistence/queries/followers.hpp"
#include "persistence/queries/upkeep.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::actors {

using domain::errc;
using domain::instant;
using domain::nothing;
using domain::result;
using domain::seconds;

namespace {

constexpr auto task = "FOLLOWERS";
constexpr std::chrono::hours beijing_offset{8};
constexpr std::chrono::hours night_hour{3}; // Beijing
constexpr seconds pause_after_failure{3600};
constexpr seconds pause_while_others_try{600};
constexpr std::size_t batch = 2000;
constexpr auto stopping = "server stops";

// The platform's clock may be behind ours: what a push dates into this time
// before the listing may be younger than the listing.
constexpr seconds clock_doubt{60};

/// The latest 03:00 Beijing.
instant latest_night(instant now) {
  auto shift = beijing_offset - night_hour;
  return instant{std::chrono::floor<std::chrono::days>(now + shift)} - shift;
}

instant next_night(instant now) {
  return latest_night(now) + std::chrono::days{1};
}

std::string words_of(const wechat::api_error& why) {
  return "no page of followers: " + std::to_string(why.errcode) + ' '
         + why.errmsg;
}

std::string words_of(errc code) {
  return "database: " + std::string{domain::code(code)};
}

} // namespace

follower_repair::follower_repair(std::string dsn, pages ask,
                                 std::shared_ptr<metrics> counts)
    : db_(std::move(dsn)), ask_(std::move(ask)), counts_(std::move(counts)) {
  // nop
}

void follower_repair::stop() {
  stopped_ = true;
}

turn follower_repair::run(instant now) {
  auto ours = take_on(now);
  if (!ours)
    return {now + pause_while_others_try, words_of(ours.error().code)};
  if (!*ours)
    return {now + pause_while_others_try, {}};
  if (auto failure = repair(now); !failure.empty())
    return {now + pause_after_failure, failure};
  if (auto noted = note_done(now); !noted)
    return {now + pause_after_failure, words_of(noted.error().code)};
  return {next_night(now), {}};
}

result<bool> follower_repair::take_on(instant now) {
  bool ours = false;
  auto asked = db_.run([&](soci::session& sql) {
    ours = persistence::take_on(sql, task, latest_night(now),
                                pause_after_failure, now);
  });
  if (!asked)
    return asked.error();
  return ours;
}

result<nothing> follower_repair::note_done(instant now) {
  return db_.run(
    [&](soci::session& sql) { persistence::note_done(sql, task, now); });
}

/// What kept it from being done, or "".
std::string follower_repair::repair(instant now) {
  auto at = std::chrono::floor<seconds>(now) - clock_doubt;
  listing listed;
  if (auto failure = gather(listed); !failure.empty())
    return failure;
  if (listed.empty()) {
    auto known = knows_somebody(at);
    if (!known)
      return words_of(known.error().code);
    return *known ? "platform lists nobody, yet we know followers" : "";
  }
  auto followed = note_listed(listed, at);
  if (!followed)
    return words_of(followed.error().code);
  auto gone = note_gone(listed, at);
  if (!gone)
    return words_of(gone.error().code);
  if (stopped_)
    return stopping;
  counts_->followers_repaired.Increment(static_cast<double>(*followed + *gone));
  log::info(
    "upkeep repairs followers",
    {{"listed", listed.size()}, {"followed", *followed}, {"gone", *gone}});
  return {};
}

/// Fills `found` with the whole list; else what went wrong.
std::string follower_repair::gather(listing& found) {
  std::string from;
  while (!stopped_) {
    auto page = ask_(from);
    if (!page)
      return words_of(page.error());
    auto before = found.size();
    found.insert(page->openids.begin(), page->openids.end());
    // To the end, and not to the total: it changes while pages are read.
    from = page->next_openid;
    if (!from.empty() && found.size() > before)
      continue;
    if (found.size() == static_cast<std::size_t>(page->total))
      return {};
    return "platform lists " + std::to_string(found.size()) + " of "
           + std::to_string(page->total) + " followers";
  }
  return stopping;
}

result<bool> follower_repair::knows_somebody(instant at) {
  bool some = false;
  auto read = db_.run([&](soci::session& sql) {
    some = !persistence::believed_followers(sql, {}, at, 1).empty();
  });
  if (!read)
    return read.error();
  return some;
}

result<std::size_t> follower_repair::note_listed(const listing& listed,
                                                 instant at) {
  std::size_t noted = 0;
  auto next = listed.begin();
  while (next != listed.end() && !stopped_) {
    std::vector<std::string> some;
    for (; next != listed.end() && some.size() < batch; ++next)
      some.push_back(*next);
    std::size_t more = 0;
    auto written = db_.transaction([&](soci::session& sql) {
      more = persistence::note_followings(sql, some, true, at);
    });
    if (!written)
      return written.error();
    noted += more;
  }
  return noted;
}

result<std::size_t> follower_repair::note_gone(const listing& listed,
                                               instant at) {
  std::size_t noted = 0;
  std::vector<std::string> believed;
  do {
    auto after = believed.empty() ? std::string{} : believed.back();
    std::size_t more = 0;
    auto written = db_.transaction([&](soci::session& sql) {
      believed = persistence::believed_followers(sql, after, at, batch);
      std::vector<std::string> gone;
      for (const auto& openid : believed)
        if (!listed.contains(openid))
          gone.push_back(openid);
      more = persistence::note_followings(sql, gone, false, at);
    });
    if (!written)
      return written.error();
    noted += more;
  } while (believed.size() == batch && !stopped_);
  return noted;
}

} // namespace zhiku::actors
