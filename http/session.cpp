#include "http/session.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

using domain::errc;
using domain::nothing;
using domain::result;

bool same_holder(const session& a, const session& b) {
  if (a.applicant_id.empty() && a.staff_id.empty())
    return a.token_hash == b.token_hash;
  return a.applicant_id == b.applicant_id && a.staff_id == b.staff_id;
}

// Often enough for the idle limit to be meant, seldom enough to cost nothing.
bool is_touch_due(const session& one, instant now, seconds idle) {
  return now - one.seen_at >= idle / 10;
}

/// How long an answer that may have been lost is given again.
constexpr std::chrono::minutes repeat_window{5};

bool was_replaced(const session& one) {
  return one.revoked_because == identity_changed_reason
         || one.revoked_because == renewed_reason;
}

} // namespace

bool is_live(const session& one, instant now, seconds idle) {
  return !one.revoked && now < one.expires_at && now < one.seen_at + idle;
}

std::string token_hash(std::string_view token) {
  return to_hex(sha256(token));
}

bool is_token(std::string_view text) {
  return text.size() == 43
         && std::all_of(text.begin(), text.end(), [](unsigned char ch) {
              return std::isalnum(ch) || ch == '-' || ch == '_';
            });
}

session_cache::session_cache(const session_limits& limits) : limits_(limits) {
  // nop
}

std::optional<session> session_cache::find(const std::string& hash,
                                           instant now) {
  std::lock_guard lock{mutex_};
  auto known = entries_.find(hash);
  if (known == entries_.end() || known->second.until <= now)
    return std::nullopt;
  return known->second.what;
}

std::uint64_t session_cache::revision() const {
  std::lock_guard lock{mutex_};
  return revision_;
}

void session_cache::put(const session& one, instant now,
                        std::uint64_t revision) {
  std::lock_guard lock{mutex_};
  if (revision != revision_)
    return;
  make_room(now);
  auto lifetime = one.kind == "STAFF" ? limits_.staff_cached : limits_.cached;
  entries_.insert_or_assign(one.token_hash, entry{one, now + lifetime});
}

void session_cache::make_room(instant now) {
  if (entries_.size() < limits_.cache_entries)
    return;
  std::erase_if(entries_,
                [&](const auto& known) { return known.second.until <= now; });
  if (entries_.size() >= limits_.cache_entries)
    entries_.erase(entries_.begin());
}

void session_cache::forget(const std::string& hash) {
  std::lock_guard lock{mutex_};
  ++revision_;
  entries_.erase(hash);
}

void session_cache::forget_like(const session& one) {
  std::lock_guard lock{mutex_};
  ++revision_;
  std::erase_if(entries_, [&](const auto& known) {
    return same_holder(known.second.what, one);
  });
}

session_store::session_store(actors::gateway& nodes, persistence::pool& readers,
                             session_limits limits)
    : nodes_(nodes), readers_(readers), limits_(limits), cache_(limits) {
  // nop
}

void session_store::find(const std::string& token, found done, replaced old) {
  if (!is_token(token))
    return done(errc::not_authenticated);
  auto hash = token_hash(token);
  auto now = nodes_.now();
  if (auto known = cache_.find(hash, now)) {
    if (!is_live(*known, now, limits_.idle))
      return done(errc::not_authenticated);
    return done(std::move(*known));
  }
  nodes_.offload([this, hash, done, old] { done(reload(hash, old)); },
                 [done] { done(errc::busy); });
}

result<session> session_store::reload(const std::string& hash, replaced old) {
  auto revision = cache_.revision();
  auto now = nodes_.now();
  std::optional<session> stored;
  auto read = readers_.run([&](soci::session& sql) {
    stored = persistence::load_session(sql, hash);
    if (stored && is_live(*stored, now, limits_.idle)
        && is_touch_due(*stored, now, limits_.idle)) {
      persistence::touch_session(sql, hash, now);
      stored->seen_at = now;
    }
  });
  if (!read)
    return read.error();
  if (stored && old == replaced::admitted && was_replaced(*stored)
      && stored->revoked_at && now < *stored->revoked_at + repeat_window)
    return std::move(*stored);
  if (stored && stored->revoked_because == identity_changed_reason)
    return errc::identity_changed;
  if (!stored || !is_live(*stored, now, limits_.idle))
    return errc::not_authenticated;
  cache_.put(*stored, now, revision);
  return std::move(*stored);
}

issued_session session_store::issue(session who,
                                    session_secrets secrets) const {
  auto now = nodes_.now();
  who.token_hash = token_hash(secrets.token);
  who.csrf_hash = token_hash(secrets.csrf);
  if (who.created_at == instant{})
    who.created_at = now;
  who.seen_at = now;
  who.expires_at = now + limits_.absolute;
  return {std::move(secrets.token), std::move(secrets.csrf), std::move(who)};
}

void session_store::keep(soci::session& sql, const session& issued,
                         const std::string& old_token) const {
  persistence::insert_session(sql, issued);
  if (is_token(old_token))
    persistence::revoke_session(sql, token_hash(old_token), nodes_.now());
}

void session_store::forget(const std::string& token) {
  if (is_token(token))
    cache_.forget(token_hash(token));
}

result<issued_session> session_store::open(session who,
                                           const std::string& old_token) {
  auto issued = issue(std::move(who), new_secrets());
  auto written = readers_.transaction(
    [&](soci::session& sql) { keep(sql, issued.what, old_token); });
  if (!written)
    return written.error();
  forget(old_token);
  return issued;
}

result<issued_session> session_store::renew(const session& old, renewal how) {
  auto issued = issue(std::move(how.next), std::move(how.secrets));
  issued.what.former_csrf_hash = old.csrf_hash;
  issued.what.created_at = old.created_at;
  issued.what.expires_at = old.expires_at;
  issued.what.lineage = old.lineage;
  issued.what.device = old.device;
  issued.what.network = old.network;
  std::optional<session> earlier;
  auto now = nodes_.now();
  auto written = readers_.transaction([&](soci::session& sql) {
    if (how.ends_others)
      persistence::lock_sessions_like(sql, old);
    if (!persistence::revoke_session(sql, old.token_hash, now, how.because)) {
      earlier = persistence::load_session(sql, issued.what.token_hash);
      return;
    }
    earlier = issued.what;
    persistence::insert_session(sql, issued.what);
    if (how.ends_others)
      persistence::revoke_sessions_like(sql, old, now, how.because,
                                        issued.what.token_hash);
  });
  if (!written)
    return written.error();
  cache_.forget(old.token_hash);
  if (how.ends_others)
    cache_.forget_like(old);
  if (!earlier || !is_live(*earlier, now, limits_.idle))
    return how.because == std::string_view{identity_changed_reason}
             ? errc::identity_changed
             : errc::not_authenticated;
  issued.what = std::move(*earlier);
  return issued;
}

result<domain::json> session_store::list(const session& one) {
  domain::json items;
  auto now = nodes_.now();
  auto read = readers_.run([&](soci::session& sql) {
    items = persistence::list_sessions_like(sql, one, now, now - limits_.idle);
  });
  if (!read)
    return read.error();
  return items;
}

result<nothing> session_store::end(const session& one, const std::string& id) {
  std::string ended;
  auto written = readers_.run([&](soci::session& sql) {
    ended = persistence::end_session_like(sql, one, id, nodes_.now());
  });
  if (!written)
    return written.error();
  if (ended.empty())
    return errc::not_found;
  cache_.forget(ended);
  return nothing{};
}

result<nothing> session_store::close(const session& one,
                                     const std::string& because) {
  auto written = readers_.run([&](soci::session& sql) {
    persistence::revoke_session(sql, one.token_hash, nodes_.now(), because);
  });
  cache_.forget(one.token_hash);
  return written;
}

result<nothing> session_store::close_all(const session& one) {
  auto written = readers_.run([&](soci::session& sql) {
    persistence::revoke_sessions_like(sql, one, nodes_.now());
  });
  cache_.forget_like(one);
  return written;
}

} // namespace zhiku::http
