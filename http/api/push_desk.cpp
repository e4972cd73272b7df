#include "http/api/push_desk.hpp"

#include "base/log.hpp"
#include "http/api/push_acts.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/pushes.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace zhiku::http {

namespace {

constexpr batcher<waiting_push>::limits most{128, 2'000};

/// Some pushes on their way through one transaction.
class keeping {
public:
  keeping(soci::session& sql, const services& s, std::span<waiting_push> batch)
      : sql_(sql), s_(s), batch_(batch), replies_(batch.size()) {
    // nop
  }

  std::vector<reply> run() {
    known_ = persistence::remember_pushes(sql_, rows());
    applicants_ = persistence::applicants_by_openids(sql_, askers());
    for (std::size_t i = 0; i < batch_.size(); ++i)
      act(batch_[i], replies_[i]);
    persistence::keep_replies(sql_, late_);
    tell_others();
    return std::move(replies_);
  }

private:
  /// With the answers that can be known before.
  std::vector<persistence::push_row> rows() {
    std::vector<persistence::push_row> all;
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      const auto& one = batch_[i];
      const auto& what = one.genuine.what;
      if (!answer_depends(one.wants))
        replies_[i] = fixed_reply(s_, what, one.wants);
      auto kind = what.is_event() ? "event/" + what.event : what.msg_type;
      all.push_back({what.dedup_key(), std::move(kind), what.person(), s_.now(),
                     replies_[i].xml});
    }
    return all;
  }

  std::vector<std::string> askers() const {
    std::vector<std::string> all;
    for (const auto& one : batch_)
      if (answer_depends(one.wants))
        all.push_back(one.genuine.what.from_user);
    return all;
  }

  void act(const waiting_push& one, reply& with) {
    auto key = one.genuine.what.dedup_key();
    if (auto before = known_.find(key); before != known_.end()) {
      with = {before->second, ""};
    } else {
      keep_facts(sql_, s_, one.genuine.what);
      if (answer_depends(one.wants)) {
        with = standing_reply(sql_, s_, one.genuine.what, one.wants,
                              applicants_[one.genuine.what.from_user]);
        late_[key] = with.xml;
      }
      known_[key] = with.xml; // to repeats in this very batch
    }
  }

  void tell_others() {
    std::vector<receipt> receipts;
    for (const auto& [asked, genuine, wants] : batch_) {
      for (auto& one : receipts_in(genuine.what, wants, s_.now()))
        receipts.push_back(std::move(one));
      if (s_.with.on_consent)
        for (const auto& one : consents_in(genuine.what, wants, s_.now()))
          s_.with.on_consent(sql_, one);
    }
    if (s_.with.on_receipts && !receipts.empty())
      s_.with.on_receipts(sql_, receipts);
  }

  soci::session& sql_;
  const services& s_;
  std::span<waiting_push> batch_;
  std::vector<reply> replies_;
  std::map<std::string, std::string> known_; ///< dedup key -> reply
  std::map<std::string, std::string> late_;
  std::map<std::string, std::string> applicants_; ///< by openid
};

response response_with(const services& s, const waiting_push& one,
                       const std::string& xml) {
  if (xml.empty())
    return response::text(200, "success");
  response answer{
    200, {}, s.with.callback.reply_body(one.genuine, xml, s.now())};
  answer.set_header("Content-Type", "application/xml; charset=utf-8");
  return answer;
}

void answer(const services& s, const waiting_push& one, const reply& with) {
  auto in_time = one.asked->try_answer(response_with(s, one, with.xml));
  if (!in_time && !with.text.empty() && s.with.send_later)
    s.with.send_later(one.genuine.what.from_user, with.text);
}

/// What became of a push: its reply, or why it is refused.
using outcome = domain::result<reply>;

void tell(const services& s, const waiting_push& one, const outcome& how) {
  try {
    if (how)
      answer(s, one, *how);
    else
      one.asked->refuse(how.error());
  } catch (const std::exception& fault) {
    log::error("answering a push throws", {{"error", fault.what()}});
    one.asked->refuse(domain::errc::internal);
  }
}

void refuse_all(std::span<const waiting_push> batch, domain::errc code) {
  for (const auto& one : batch)
    one.asked->refuse(code);
}

std::vector<outcome> keep(const services& s, std::span<waiting_push> batch) {
  std::vector<reply> replies;
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    replies = keeping{sql, s, batch}.run();
  });
  if (written)
    return std::vector<outcome>(std::make_move_iterator(replies.begin()),
                                std::make_move_iterator(replies.end()));
  if (batch.size() == 1 || written.error().code == domain::errc::unavailable)
    return std::vector<outcome>(batch.size(), written.error());
  // One that cannot be kept must not take the others along.
  auto all = keep(s, batch.first(batch.size() / 2));
  for (auto& one : keep(s, batch.subspan(batch.size() / 2)))
    all.push_back(std::move(one));
  return all;
}

std::vector<outcome> try_keep(const services& s,
                              std::span<waiting_push> batch) {
  try {
    return keep(s, batch);
  } catch (const std::exception& fault) {
    log::error("keeping pushes throws", {{"error", fault.what()}});
    return std::vector<outcome>(batch.size(), domain::errc::internal);
  }
}

/// Two nodes that lock the rows of the same people do so in one order. Of
/// those who scan one QR code the first is served.
bool comes_first(const waiting_push& a, const waiting_push& b) {
  auto a_scans = a.wants == meaning::scan, b_scans = b.wants == meaning::scan;
  if (a_scans || b_scans)
    return a_scans && !b_scans;
  return a.genuine.what.from_user < b.genuine.what.from_user;
}

/// Keeps them; gives what then answers them.
std::function<void()> keep_all(const services& s,
                               std::vector<waiting_push> batch) {
  std::stable_sort(batch.begin(), batch.end(), comes_first);
  auto outcomes = try_keep(s, batch);
  return [&s, batch = std::move(batch), outcomes = std::move(outcomes)] {
    for (std::size_t i = 0; i < batch.size(); ++i)
      tell(s, batch[i], outcomes[i]);
  };
}

} // namespace

push_desk::push_desk(services& s)
    : s_(s),
      batches_(std::make_shared<batcher<waiting_push>>(
        most,
        [&s](auto work, auto refused) {
          s.with.gateway.offload(std::move(work), std::move(refused));
        },
        [&s](auto batch) { return keep_all(s, std::move(batch)); },
        [](const auto& batch) { refuse_all(batch, domain::errc::busy); })) {
  // nop
}

void push_desk::take(waiting_push one) {
  if (needs_no_memory(one.wants))
    return answer(s_, one, fixed_reply(s_, one.genuine.what, one.wants));
  batches_->add(std::move(one));
}

} // namespace zhiku::http
