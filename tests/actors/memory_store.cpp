#include "tests/actors/memory_store.hpp"

#include <algorithm>

namespace zhiku::actors::test {

using domain::nothing;

appended memory_store::write(const append& what) {
  appended answer;
  answer.version = what.expected_version;
  answer.chain = what.previous_chain;
  auto& events = journal_.streams[what.stream];
  if (!what.command_id.empty() && journal_.commands.count(what.command_id)) {
    auto first = find_outcome({what.command_id, what.stream, what.request});
    answer.code = first ? errc::duplicate_command : first.error().code;
    if (first)
      answer.first = std::move(**first);
    return answer;
  }
  if (static_cast<std::int32_t>(events.size()) != what.expected_version) {
    answer.code = errc::version_conflict;
    return answer;
  }
  for (const auto& row : what.rows)
    if (auto phone = row.lookups.find("phone_hash");
        phone != row.lookups.end()) {
      auto [holder, fresh] = journal_.phones.emplace(phone->second, row.key);
      if (!fresh && holder->second != row.key) {
        answer.code = errc::phone_in_use;
        return answer;
      }
    }
  for (const auto& ev : what.events) {
    ++answer.version;
    answer.chain = next_chain(answer.chain, what.stream, answer.version,
                              what.at, what.actor, ev, ev.pii.dump());
    events.push_back({{answer.version, what.at, what.actor, ev}, answer.chain});
  }
  for (const auto& ef : what.effects) {
    auto due = ef.what.due == instant{} ? what.at : ef.what.due;
    memory_journal::post post{{ef.id, what.stream, ef.what, 0}, due};
    post.what.what.due = due;
    journal_.effects.emplace(ef.id, std::move(post));
  }
  if (!what.command_id.empty())
    journal_.commands.emplace(
      what.command_id,
      memory_journal::kept_command{
        what.stream, what.request, {what.reply, what.refused}});
  if (!what.effect_id.empty())
    journal_.effects.at(what.effect_id).state = "DONE";
  if (what.now_stands)
    journal_.standings[what.stream] = *what.now_stands;
  if (what.snapshot) {
    journal_.snapshots[what.stream] = *what.snapshot;
    journal_.snapshot_versions[what.stream] = answer.version;
  }
  return answer;
}

std::vector<appended> memory_store::commit(const std::vector<append>& batch) {
  std::vector<appended> answers(batch.size());
  auto fails = journal_.happens(journal_.chances.commit_fails);
  auto lost = journal_.happens(journal_.chances.answer_lost);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (!fails)
      answers[i] = write(batch[i]);
    if (fails || (lost && answers[i].code == errc::none))
      answers[i].code = errc::unavailable;
  }
  return answers;
}

result<std::vector<loaded>>
memory_store::load(const std::vector<std::string>& streams) {
  if (journal_.happens(journal_.chances.load_fails))
    return errc::unavailable;
  std::vector<loaded> all;
  for (const auto& stream : streams) {
    loaded entity;
    entity.stream = stream;
    entity.quarantined = journal_.aside.count(stream) > 0;
    std::int32_t from = 0;
    if (auto found = journal_.snapshots.find(stream);
        found != journal_.snapshots.end()) {
      entity.snapshot = found->second;
      from = journal_.snapshot_versions.at(stream);
    }
    if (auto found = journal_.streams.find(stream);
        found != journal_.streams.end() && !found->second.empty()) {
      entity.version = static_cast<std::int32_t>(found->second.size());
      entity.chain = found->second.back().chain;
      for (const auto& entry : found->second)
        if (entry.what.version > from)
          entity.events.push_back(entry.what);
    }
    all.push_back(std::move(entity));
  }
  return all;
}

result<std::optional<kept_outcome>>
memory_store::find_outcome(const repeated_command& which) {
  auto found = journal_.commands.find(which.id);
  if (found == journal_.commands.end())
    return std::optional<kept_outcome>{};
  const auto& kept = found->second;
  if (kept.stream != which.stream || kept.request != which.request)
    return errc::idempotency_key_reused;
  return std::optional{kept.came_to};
}

result<bool> memory_store::holds(const std::string& stream,
                                 std::int32_t version,
                                 const std::string& chain) {
  const auto& events = journal_.streams[stream];
  auto place = static_cast<std::size_t>(version) - 1;
  return place < events.size() && events[place].chain == chain;
}

result<std::vector<due_effect>> memory_store::claim(lane which, instant now,
                                                    instant lease_end,
                                                    std::size_t limit) {
  std::vector<due_effect> taken;
  for (auto& [id, post] : journal_.effects) {
    if (taken.size() >= limit || post.state != "PENDING" || post.next_at > now
        || lane_of(post.what.what.what) != which)
      continue;
    ++post.what.attempts;
    if (!journal_.happens(journal_.chances.delivery_doubled))
      post.next_at = lease_end;
    if (!journal_.happens(journal_.chances.delivery_lost))
      taken.push_back(post.what);
  }
  return taken;
}

result<nothing> memory_store::settle(const std::vector<settlement>& all) {
  if (journal_.happens(journal_.chances.settlement_lost))
    return errc::unavailable;
  for (const auto& one : all) {
    auto& post = journal_.effects.at(one.effect_id);
    if (post.state != "PENDING")
      continue;
    if (one.how == settlement::verdict::retry
        || one.how == settlement::verdict::wait)
      post.next_at = one.when;
    else
      post.state = one.how == settlement::verdict::done ? "DONE" : "PARKED";
  }
  return nothing{};
}

result<std::optional<instant>> memory_store::next_due(lane which) {
  std::optional<instant> next;
  for (const auto& [id, post] : journal_.effects)
    if (post.state == "PENDING" && lane_of(post.what.what.what) == which)
      next = next ? std::min(*next, post.next_at) : post.next_at;
  return next;
}

result<nothing> memory_store::quarantine(const std::string& stream,
                                         const std::string&, instant) {
  journal_.aside.insert(stream);
  return nothing{};
}

} // namespace zhiku::actors::test
