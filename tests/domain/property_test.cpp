// What must hold for any sequence of commands, sensible or not.

#include "tests/domain/samples.hpp"

#include "domain/exam/paper.hpp"
#include "domain/hash.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

namespace zhiku::tests {

/// One move of the fuzzer, as small numbers that shrink well.
struct step {
  std::size_t command;
  std::size_t actor;
  std::size_t variant;
  std::size_t spoiled; ///< which member to spoil, if any
  int wait_s;
};

inline std::ostream& operator<<(std::ostream& out, const step& s) {
  return out << '{' << s.command << ',' << s.actor << ',' << s.variant << ','
             << s.spoiled << ',' << s.wait_s << '}';
}

} // namespace zhiku::tests

namespace rc {

template <>
struct Arbitrary<zhiku::tests::step> {
  static Gen<zhiku::tests::step> arbitrary() {
    using zhiku::tests::step;
    return gen::build<step>(
      gen::set(&step::command, gen::inRange<std::size_t>(0, 64)),
      gen::set(&step::actor, gen::inRange<std::size_t>(0, 16)),
      gen::set(&step::variant, gen::inRange<std::size_t>(0, 64)),
      gen::set(&step::spoiled, gen::inRange<std::size_t>(0, 200)),
      gen::set(&step::wait_s, gen::element(0, 1, 59, 60, 600, 5400, 2000000)));
  }
};

} // namespace rc

namespace zhiku::tests {
namespace {

const std::vector<std::string> all_types = {
  "send_code",   "verify_code",  "register",     "bind",
  "login",       "follow",       "unfollow",     "switch_identity",
  "save_draft",  "delete_draft", "submit",       "case_changed",
  "appoint",     "view",         "open",         "withdraw",
  "accept",      "return",       "resubmit",     "lapse",
  "pass",        "bind_plan",    "reject",       "exam_finished",
  "exam_absent", "not_approve",  "start",        "answer",
  "hand_in",     "deadline",     "close_window", "result",
  "unbind",      "nonsense",
};

/// The commands of each kind, those that lead on named more than once.
const std::map<std::string, std::vector<std::string>> types_of = {
  {"phone_proof/p-1", {"send_code", "verify_code", "verify_code"}},
  {"applicant/a-1",
   {"register", "bind", "login", "follow", "unfollow", "unbind",
    "switch_identity", "save_draft", "save_draft", "delete_draft", "submit",
    "submit", "case_changed", "appoint", "view"}},
  {"review_case/c-1",
   {"open", "withdraw", "accept", "accept", "return", "resubmit", "lapse",
    "pass", "pass", "bind_plan", "reject", "exam_finished", "exam_absent",
    "appoint", "not_approve", "view"}},
  {"exam_session/x-1",
   {"register", "start", "start", "answer", "answer", "answer", "answer",
    "hand_in", "deadline", "close_window", "view", "result"}},
};

const std::vector<actor_ref>& actors() {
  static const std::vector<actor_ref> all = {
    applicant_actor(),
    system_actor(),
    {{"ACCEPTOR", "CHECKER"}, "s-1", channel::staff},
    {{"APPROVER", "EXAM_ADMIN"}, "s-2", channel::staff},
    visitor_actor(),
    applicant_actor("a-2", channel::pc),
  };
  return all;
}

json junk(std::size_t variant) {
  const json all[] = {nullptr,
                      -1,
                      18446744073709551615u,
                      "",
                      "\xff",
                      json::array({1, nullptr}),
                      json::object(),
                      true,
                      1.5};
  return all[variant % std::size(all)];
}

/// Everything a command may ask for, as far as the story has come.
class fuzzer {
public:
  explicit fuzzer(const std::string& stream)
      : world(stream), types_(types_of.at(stream)) {
    world.bank = &good_bank();
    world.now = at("2026-11-24T01:00:00Z");
  }

  scenario world;

  /// Returns why the command was refused; errc::none when it was not.
  errc take(const step& s) {
    world.wait(seconds{s.wait_s});
    world.as(actors()[s.actor < 12 ? likely_actor(s) : s.actor % 6]);
    auto data = likely_data(s);
    auto pii = likely_pii(s);
    spoil(data, s);
    if (s.spoiled % 7 == 1)
      spoil(pii, s);
    auto made = world.when(type(s), std::move(data), std::move(pii));
    if (made && made->reply.is_object())
      remember(made->reply);
    return made ? errc::none : made.error().code;
  }

  std::string type(const step& s) const {
    return s.spoiled == 199 ? all_types[s.command % all_types.size()]
                            : types_[s.command % types_.size()];
  }

private:
  std::size_t likely_actor(const step& s) const {
    static const std::map<std::string, std::size_t> by_type = {
      {"open", 1},
      {"lapse", 1},
      {"exam_finished", 1},
      {"deadline", 1},
      {"close_window", 1},
      {"exam_absent", 1},
      {"register", 1},
      {"case_changed", 1},
      {"follow", 1},
      {"unfollow", 1},
      {"unbind", 1},
      {"accept", 2},
      {"return", 2},
      {"pass", 2},
      {"reject", 2},
      {"bind_plan", 3},
      {"appoint", world.subject().state_name() == "REGISTERED" ? 1u : 3u},
      {"not_approve", 3}};
    auto found = by_type.find(type(s));
    return found == by_type.end() ? 0 : found->second;
  }

  json likely_data(const step& s) const {
    json data = {{"purpose", "LOGIN"},
                 {"binding", "b"},
                 {"code_hash", s.variant % 3 == 0 ? "right" : "wrong"},
                 {"identity", "EXPERT_APPLICANT"},
                 {"openid", "o-1"},
                 {"privacy_version", "1"},
                 {"at", domain::to_text(world.now)},
                 {"declarations", declaration_ids()},
                 {"state", s.variant % 2 == 0 ? "WITHDRAWN" : "ACCEPTED"},
                 {"case_id", "c-1"},
                 {"pools", {"BID"}},
                 {"applicant_id", "a-1"},
                 {"number", "PM1"},
                 {"submitted_at", domain::to_text(world.now)},
                 {"remarks", {{{"item", "name"}, {"text", "why"}}}},
                 {"reason", "because"},
                 {"round", s.variant % 3},
                 {"score_tenths", 600},
                 {"passed", s.variant % 2 == 0},
                 {"takeover", s.variant % 4 == 0},
                 {"n", s.variant % 8 + 1},
                 {"seq", s.variant % 5 + s.command % 7 + 1},
                 {"choice", json::array()},
                 {"auto", s.variant % 2 == 0}};
    if (s.variant % 5 != 0 || world.subject().state_name() == "NONE")
      data["plan"] = plan();
    if (s.variant % 4 != 0 || type(s) == "submit")
      data.update(memory_);
    if (type(s) == "answer")
      data["choice"] = some_options(s);
    return data;
  }

  /// A plan that may be started now and for ten days to come.
  json plan() const {
    static const json sample = good_plan();
    auto described = sample;
    described["window_start"] = domain::to_text(world.now);
    described["window_end"] = domain::to_text(world.now + seconds{864000});
    return described;
  }

  static json likely_pii(const step& s) {
    return {{"phone", "13800138000"},
            {"code", "012345"},
            {"name", s.variant % 9 == 0 ? "王芳" : "李明"},
            {"form", s.variant % 6 == 0 ? json::object() : good_form()}};
  }

  json some_options(const step& s) const {
    json ids = json::array();
    const auto* started = world.latest("deadline");
    if (started == nullptr)
      return ids;
    for (const auto& ev : world.events)
      if (ev.type == "attempt_started") {
        auto seed = seed_of(ev.data["seed"].get<std::string>());
        ids.push_back(option_id(seed, s.variant % 8 + 1, s.command % 3));
        if (s.variant % 8 >= 4 && s.variant % 8 < 6)
          ids.push_back(option_id(seed, s.variant % 8 + 1, 3));
      }
    return ids;
  }

  static void spoil(json& object, const step& s) {
    std::size_t index = 0;
    for (auto& [key, value] : object.items())
      if (index++ == s.spoiled)
        value = junk(s.variant);
    if (s.spoiled == 100)
      object = junk(s.variant);
  }

  void remember(const json& reply) {
    for (auto key : {"writer", "draft_id", "case_id"})
      if (reply.contains(key))
        memory_[key] = reply[key];
    if (reply.contains("version"))
      memory_["base_version"] = reply["version"];
  }

  json memory_ = json::object();
  std::vector<std::string> types_;
};

void expect_same(const entity& a, const entity& b) {
  RC_ASSERT(a.snapshot() == b.snapshot());
  RC_ASSERT(a.snapshot_pii() == b.snapshot_pii());
  RC_ASSERT(a.state_name() == b.state_name());
  RC_ASSERT(a.subject() == b.subject());
  RC_ASSERT(a.final() == b.final());
}

const auto steps = rc::gen::arbitrary<std::vector<step>>();

/// The same property for every kind.
template <class Property>
void for_every_kind(Property property) {
  for (const auto& [stream, types] : types_of)
    EXPECT_TRUE(rc::check(stream, [&, s = stream] { property(s); }));
}

TEST(any_sequence, replay_and_snapshot_give_the_live_state) {
  for_every_kind([](const std::string& stream) {
    fuzzer fuzz{stream};
    for (const auto& s : *steps)
      fuzz.take(s);
    expect_same(*fuzz.world.replayed(), fuzz.world.subject());
    expect_same(*fuzz.world.restored(), fuzz.world.subject());
  });
}

TEST(any_sequence, decide_never_throws_and_refusals_change_nothing) {
  for_every_kind([](const std::string& stream) {
    fuzzer fuzz{stream};
    for (const auto& s : *steps) {
      auto before = fuzz.world.events.size();
      if (fuzz.take(s) != errc::none)
        RC_ASSERT(fuzz.world.events.size() == before);
    }
  });
}

TEST(any_sequence, final_states_stand) {
  for (std::string stream : {"review_case/c-1", "exam_session/x-1"})
    EXPECT_TRUE(rc::check(stream, [&] {
      fuzzer fuzz{stream};
      for (const auto& s : *steps) {
        bool was_final = fuzz.world.subject().final();
        auto before = fuzz.world.events.size();
        fuzz.take(s);
        if (was_final)
          RC_ASSERT(fuzz.world.events.size() == before);
      }
    }));
}

TEST(any_sequence, personal_data_stays_sealed) {
  for_every_kind([](const std::string& stream) {
    fuzzer fuzz{stream};
    for (const auto& s : *steps)
      fuzz.take(s);
    for (const auto& ev : fuzz.world.events)
      for (auto secret : {"13800138000", "440524198001010013", "李明"})
        RC_ASSERT(ev.data.dump().find(secret) == std::string::npos);
    for (const auto& fx : fuzz.world.effects)
      RC_ASSERT(fx.payload.dump().find("李明") == std::string::npos);
  });
}

/// The fuzzer must come somewhere, or the properties above say little.
TEST(any_sequence, reaches_every_stage) {
  std::set<std::string> reached;
  for (const auto& [stream, types] : types_of) {
    sequence random{1};
    for (int run = 0; run < 150; ++run) {
      fuzzer fuzz{stream};
      for (int i = 0; i < 60; ++i) {
        fuzz.take({random.below(64), random.below(16), random.below(64),
                   random.below(200),
                   std::array{0, 1, 60, 600, 2000000}[random.below(5)]});
        reached.insert(fuzz.world.state());
      }
    }
  }
  for (auto state :
       {"CODE_SENT", "REGISTERED", "SUBMITTED", "WITHDRAWN", "ACCEPTED",
        "RETURNED", "RESUBMITTED", "CHECK_PASSED", "REJECTED", "EXAM_PASSED",
        "EXAM_FAILED", "WAIVED", "NOT_APPROVED", "APPOINTED", "LAPSED",
        "ASSIGNED", "RUNNING", "GRADED", "ABSENT"})
    EXPECT_TRUE(reached.contains(state)) << state;
}

// --- exam: what is stored is what counts -------------------------------------

/// The latest answer to one question, as a candidate would remember it.
struct remembered {
  std::int64_t seq = 0;
  std::set<std::string> texts;
};

/// Marks a remembered answer by the texts of the options alone.
std::int64_t mark(const json& question, const remembered& answer) {
  std::set<std::string> right;
  for (const auto& option : question["options"])
    if (option["text"].get<std::string>().starts_with("right"))
      right.insert(option["text"]);
  return answer.texts == right ? question["tenths"].get<std::int64_t>() : 0;
}

struct typed {
  std::size_t n;
  unsigned mask;
  int seq;
};

rc::Gen<typed> any_typed() {
  return rc::gen::build<typed>(
    rc::gen::set(&typed::n, rc::gen::inRange<std::size_t>(0, 8)),
    rc::gen::set(&typed::mask, rc::gen::inRange(0u, 16u)),
    rc::gen::set(&typed::seq, rc::gen::inRange(1, 12)));
}

std::ostream& operator<<(std::ostream& out, const typed& t) {
  return out << '{' << t.n << ',' << t.mask << ',' << t.seq << '}';
}

RC_GTEST_PROP(exam, score_is_that_of_the_newest_answers, ()) {
  scenario sitting{"exam_session/x-1"};
  sitting.bank = &good_bank();
  sitting.reply(
    "register",
    {{"case_id", "c-1"}, {"applicant_id", "a-1"}, {"plan", good_plan()}});
  sitting.now = at("2026-11-24T01:00:00Z");
  std::string writer = sitting.as(applicant_actor()).reply("start")["writer"];
  const json questions = sitting.reply("view")["questions"];
  std::map<std::size_t, remembered> memory;
  auto save = [&](const typed& t) {
    json choice = json::array();
    std::set<std::string> texts;
    const auto& options = questions[t.n]["options"];
    for (std::size_t i = 0; i < options.size(); ++i)
      if ((t.mask >> i & 1) != 0) {
        choice.push_back(options[i]["id"]);
        texts.insert(options[i]["text"]);
      }
    auto made = sitting.when(
      "answer",
      {{"n", t.n + 1}, {"choice", choice}, {"seq", t.seq}, {"writer", writer}});
    if (made && t.seq > memory[t.n].seq)
      memory[t.n] = {t.seq, texts};
    return made.ok();
  };
  const auto moves = *rc::gen::container<std::vector<typed>>(any_typed());
  for (const auto& t : moves)
    save(t);
  sitting.reply("hand_in", {{"writer", writer}});
  auto score = sitting.reply("result")["score_tenths"];
  std::int64_t expected = 0;
  for (std::size_t n = 0; n < questions.size(); ++n)
    expected += mark(questions[n], memory[n]);
  RC_ASSERT(score == expected);

  for (const auto& t : moves)
    RC_ASSERT(!save(t));
  RC_ASSERT(sitting.reply("result")["score_tenths"] == expected);
}

} // namespace
} // namespace zhiku::tests
