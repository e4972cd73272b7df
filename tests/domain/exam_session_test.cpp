#include "tests/domain/samples.hpp"

#include "domain/exam/paper.hpp"
#include "domain/exam_session/exam_session.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace zhiku::tests {
namespace {

struct exam_session : testing::Test {
  scenario sitting{"exam_session/x-1"};
  std::string writer;

  exam_session() {
    sitting.bank = &good_bank();
  }

  void enrol(json plan = good_plan()) {
    sitting.as(system_actor("review_case/c-1"))
      .reply("register", {{"case_id", "c-1"},
                          {"applicant_id", "a-1"},
                          {"plan", std::move(plan)}});
    sitting.as(applicant_actor());
    sitting.now = at("2026-11-24T01:00:00Z");
  }
  json start(json data = json::object()) {
    auto reply = sitting.reply("start", std::move(data));
    if (reply.contains("writer"))
      writer = reply["writer"];
    return reply;
  }
  void begin(json plan = good_plan()) {
    enrol(std::move(plan));
    start();
  }

  json question(int n) {
    return sitting.reply("view")["questions"][static_cast<std::size_t>(n - 1)];
  }
  /// The ids of the options of question `n` whose text begins so.
  json options(int n, std::string_view beginning) {
    json ids = json::array();
    const auto asked = question(n);
    for (const auto& each : asked["options"])
      if (each["text"].get<std::string>().starts_with(beginning))
        ids.push_back(each["id"]);
    return ids;
  }
  errc answer(int n, json choice, int seq) {
    return sitting.refusal_of("answer", {{"n", n},
                                         {"choice", std::move(choice)},
                                         {"seq", seq},
                                         {"writer", writer}});
  }
  void answer_rightly(int first, int last) {
    for (int n = first; n <= last; ++n)
      EXPECT_EQ(answer(n, options(n, "right"), n), errc::none);
  }
  errc hand_in(bool automatic = false) {
    return sitting.refusal_of("hand_in",
                              {{"writer", writer}, {"auto", automatic}});
  }
  errc as_clock(std::string type) {
    auto code = sitting.as(system_actor()).refusal_of(std::move(type));
    sitting.as(applicant_actor());
    return code;
  }
  json result() {
    return sitting.reply("result");
  }
};

TEST_F(exam_session, T_6_reminders_until_the_start) {
  auto plan = good_plan();
  plan["window_start"] = "2026-12-01T01:00:00Z";
  plan["window_end"] = "2026-12-14T16:00:00Z";
  enrol(plan);
  std::vector<std::pair<std::string, std::string>> wakes;
  for (const auto& each : sitting.effects)
    if (each.type == "remind")
      wakes.emplace_back(each.payload["about"], domain::to_text(each.due));
  EXPECT_EQ(wakes, (decltype(wakes){{"EXAM_OPENING", "2026-11-30T01:00:00Z"},
                                    {"EXAM_CLOSING", "2026-12-13T16:00:00Z"},
                                    {"EXAM_CLOSING", "2026-12-14T14:00:00Z"}}));
  sitting.as(system_actor()).now = at("2026-12-13T16:00:00Z");
  sitting.reply("remind", {{"about", "EXAM_CLOSING"}});
  EXPECT_NE(sitting.latest("EXAM_CLOSING"), nullptr);
  sitting.as(applicant_actor());
  start();
  sitting.as(system_actor());
  EXPECT_TRUE(
    sitting.when("remind", {{"about", "EXAM_CLOSING"}})->events.empty());
}

TEST_F(exam_session, T_6_no_reminder_just_after_the_notice) {
  auto plan = good_plan();
  plan["window_start"] = "2026-11-24T02:00:00Z"; // 25 h after registration
  plan["window_end"] = "2026-11-24T04:00:00Z";
  enrol(plan);
  EXPECT_EQ(sitting.latest("remind"), nullptr);
}

// Written before sittings knew their case's number.
TEST_F(exam_session, old_registrations_are_brought_up) {
  enrol();
  auto old = sitting.events.front();
  old.schema = 1;
  old.data.erase("case_number");
  old.data.erase("reminders");
  auto entity = make_entity("exam_session/x-1");
  entity->evolve(old);
  auto now = sitting.restored();
  EXPECT_EQ(entity->state_name(), "ASSIGNED");
  EXPECT_EQ(entity->snapshot(), now->snapshot());
}

TEST_F(exam_session, Q_1_Q_3_registers_once_and_tells_the_window) {
  enrol();
  sitting.now = at("2026-11-23T01:00:00Z");
  enrol();
  EXPECT_EQ(sitting.events.size(), 1u);
  EXPECT_EQ(sitting.state(), "ASSIGNED");
  const auto* notice = sitting.latest("EXAM_NOTICE");
  ASSERT_NE(notice, nullptr);
  EXPECT_EQ(notice->payload["window_start_text"], "2026-11-24 09:00");
  const auto* wake = sitting.latest("close_window");
  ASSERT_NE(wake, nullptr);
  EXPECT_EQ(wake->due, at("2026-11-30T01:00:00Z"));
  EXPECT_EQ(wake->target, "exam_session/x-1");
}

TEST_F(exam_session, edge_23_the_window_is_half_open) {
  enrol();
  sitting.now = at("2026-11-24T00:59:59.999999Z");
  EXPECT_EQ(sitting.refusal_of("start"), errc::exam_not_open);
  sitting.now = at("2026-11-30T01:00:00Z");
  EXPECT_EQ(sitting.refusal_of("start"), errc::exam_closed);
  sitting.now = at("2026-11-24T01:00:00Z");
  EXPECT_EQ(sitting.refusal_of("start"), errc::none);
}

TEST_F(exam_session, X_02_the_refusal_names_start_and_end) {
  enrol();
  sitting.now = at("2026-11-23T01:00:00Z");
  auto refused = sitting.when("start");
  EXPECT_EQ(refused.error().detail,
            "考试时间为2026-11-24 09:00至2026-11-30 09:00");
}

TEST_F(exam_session, edge_24_ten_minutes_before_the_end) {
  enrol();
  sitting.now = at("2026-11-30T00:50:00Z");
  EXPECT_EQ(sitting.reply("view")["deadline_if_started"],
            "2026-11-30T01:00:00Z");
  auto reply = start();
  EXPECT_EQ(reply["deadline_at"], "2026-11-30T01:00:00Z");
  EXPECT_EQ(reply["remaining_ms"], 600000);
}

TEST_F(exam_session, Q_4_freezes_paper_and_deadline) {
  begin();
  const auto* wake = sitting.latest("deadline");
  ASSERT_NE(wake, nullptr);
  EXPECT_EQ(wake->due, at("2026-11-24T02:30:30Z"));
  EXPECT_EQ(wake->payload["deadline_at"], "2026-11-24T02:30:00Z");
  EXPECT_FALSE(sitting.events[1].data["seed"].get<std::string>().empty());
}

TEST_F(exam_session, needs_a_bank_that_fills_the_paper) {
  enrol();
  sitting.bank = nullptr;
  EXPECT_EQ(sitting.refusal_of("start"), errc::paper_unavailable);
  auto plan = good_plan();
  plan["paper"][0]["count"] = 100;
  scenario other{"exam_session/x-2"};
  std::swap(sitting, other);
  sitting.bank = &good_bank();
  enrol(plan);
  EXPECT_EQ(sitting.refusal_of("start"), errc::paper_unavailable);
}

TEST_F(exam_session, rules_4_3_3_keys_never_leave) {
  begin();
  auto text = sitting.reply("view").dump();
  EXPECT_EQ(text.find("\"key\""), std::string::npos);
  EXPECT_EQ(text.find("number"), std::string::npos);
  EXPECT_EQ(question(1)["options"].size(), 4u);
}

TEST_F(exam_session, the_paper_is_shown_with_the_version_that_was_drawn) {
  begin();
  auto before = question(1);
  auto list = bank_list();
  auto old_size = list.size();
  for (std::size_t i = 0; i < old_size; ++i) {
    auto newer = list[i];
    newer["version"] = 2;
    newer["stem"] = "changed";
    list.push_back(newer);
  }
  auto reloaded = question_bank::from_json(list).value();
  sitting.bank = &reloaded;
  EXPECT_EQ(question(1), before);
}

TEST_F(exam_session, rules_4_3_1_a_second_start_shows_the_same_attempt) {
  auto first = (begin(), sitting.reply("view"));
  auto again = sitting.reply("start");
  EXPECT_EQ(again["deadline_at"], first["deadline_at"]);
  EXPECT_FALSE(again.contains("writer")) << "another device may only read";
  EXPECT_EQ(sitting.reply("start", {{"writer", writer}})["writer"], writer);
  EXPECT_EQ(sitting.count("attempt_started"), 1u);
}

TEST_F(exam_session, edge_28_29_takeover_makes_the_older_device_read_only) {
  begin();
  EXPECT_EQ(answer(1, options(1, "right"), 1), errc::none);
  auto older = writer;
  start({{"takeover", true}});
  EXPECT_NE(writer, older);
  auto newer = writer;
  writer = older;
  EXPECT_EQ(answer(1, json::array(), 2), errc::writer_changed);
  EXPECT_EQ(hand_in(), errc::writer_changed);
  writer = newer;
  EXPECT_EQ(answer(1, json::array(), 2), errc::none);
}

TEST_F(exam_session, Q_6_saves_and_shows_answers) {
  begin();
  auto right = options(5, "right");
  auto effects_before = sitting.effects.size();
  EXPECT_EQ(answer(5, right, 1), errc::none);
  auto shown = question(5)["choice"];
  std::sort(shown.begin(), shown.end());
  std::sort(right.begin(), right.end());
  EXPECT_EQ(shown, right);
  EXPECT_EQ(sitting.effects.size(), effects_before)
    << "an answer has no consequence";
  EXPECT_TRUE(sitting.subject().project().empty());
}

TEST_F(exam_session, rules_4_3_5_clearing_is_a_save) {
  begin();
  answer(1, options(1, "right"), 1);
  EXPECT_EQ(answer(1, json::array(), 2), errc::none);
  EXPECT_TRUE(question(1)["choice"].empty());
}

TEST_F(exam_session, edge_30_an_older_sequence_is_taken_as_done) {
  begin();
  answer(1, options(1, "right"), 5);
  auto events = sitting.events.size();
  auto reply = sitting.reply(
    "answer",
    {{"n", 1}, {"choice", json::array()}, {"seq", 5}, {"writer", writer}});
  EXPECT_EQ(reply["seq"], 5);
  EXPECT_EQ(answer(1, json::array(), 4), errc::none);
  EXPECT_EQ(sitting.events.size(), events);
  EXPECT_EQ(question(1)["choice"], options(1, "right"));
}

TEST_F(exam_session, refuses_what_is_no_answer) {
  begin();
  EXPECT_EQ(answer(0, json::array(), 1), errc::invalid_input);
  EXPECT_EQ(answer(9, json::array(), 1), errc::invalid_input);
  EXPECT_EQ(answer(1, json::array(), 0), errc::invalid_input);
  EXPECT_EQ(answer(1, {"nonsense"}, 1), errc::invalid_input);
  EXPECT_EQ(answer(1, nullptr, 1), errc::invalid_input);
  EXPECT_EQ(answer(1, options(1, "wrong"), 1), errc::invalid_input)
    << "three of a single choice";
  EXPECT_EQ(answer(2, options(1, "right"), 1), errc::invalid_input)
    << "options of another question";
}

TEST_F(exam_session, edge_32_replies_carry_the_servers_clock) {
  begin();
  sitting.wait(seconds{1000});
  auto reply = sitting.reply(
    "answer",
    {{"n", 1}, {"choice", json::array()}, {"seq", 1}, {"writer", writer}});
  EXPECT_EQ(reply["remaining_ms"], 4400000);
  EXPECT_EQ(reply["server_time"], "2026-11-24T01:16:40Z");
}

TEST_F(exam_session, Q_7_Q_9_closing_and_grading_are_one) {
  begin();
  answer_rightly(1, 8);
  sitting.wait(seconds{600});
  EXPECT_EQ(hand_in(), errc::none);
  const auto& closed = sitting.events.back();
  EXPECT_EQ(closed.type, "attempt_closed");
  EXPECT_EQ(closed.data["score_tenths"], 100);
  EXPECT_EQ(closed.data["by"], "MANUAL");
  EXPECT_EQ(closed.data["at"], "2026-11-24T01:10:00Z");
  EXPECT_EQ(sitting.latest("exam_finished")->target, "review_case/c-1");
  EXPECT_EQ(sitting.latest("exam_finished")->payload["passed"], true);
}

TEST_F(exam_session, edge_37_the_pass_mark_itself_passes) {
  begin();
  answer_rightly(1, 5);
  hand_in();
  EXPECT_EQ(result()["score_tenths"], 60);
  EXPECT_EQ(result()["passed"], true);
}

TEST_F(exam_session, below_the_pass_mark_fails) {
  begin();
  answer_rightly(1, 4);
  hand_in();
  EXPECT_EQ(result()["score_tenths"], 40);
  EXPECT_EQ(result()["passed"], false);
}

TEST_F(exam_session, rules_4_3_6_a_second_hand_in_gives_the_first_result) {
  begin();
  auto first = sitting.reply("hand_in", {{"writer", writer}});
  sitting.wait(seconds{60});
  EXPECT_EQ(sitting.reply("hand_in", {{"writer", writer}, {"auto", true}}),
            first);
  EXPECT_EQ(sitting.count("attempt_closed"), 1u);
}

TEST_F(exam_session, edge_25_within_grace_is_dated_at_the_deadline) {
  begin();
  sitting.now = at("2026-11-24T02:30:29.999999Z");
  EXPECT_EQ(answer(1, options(1, "right"), 1), errc::none);
  EXPECT_EQ(hand_in(true), errc::none);
  EXPECT_EQ(sitting.events.back().data["at"], "2026-11-24T02:30:00Z");
  EXPECT_EQ(sitting.events.back().data["by"], "CLIENT_AUTO");
}

TEST_F(exam_session, edge_25_27_after_grace_nothing_is_taken) {
  begin();
  sitting.now = at("2026-11-24T02:30:30Z");
  EXPECT_EQ(answer(1, json::array(), 1), errc::attempt_closed);
  EXPECT_EQ(hand_in(true), errc::attempt_closed);
  EXPECT_EQ(sitting.refusal_of("start"), errc::attempt_closed);
  EXPECT_EQ(as_clock("deadline"), errc::none);
  EXPECT_EQ(answer(1, json::array(), 2), errc::attempt_closed);
}

TEST_F(exam_session, Q_8_the_server_closes_what_is_left) {
  begin();
  answer_rightly(1, 2);
  EXPECT_EQ(as_clock("deadline"), errc::not_ready) << "too early";
  sitting.now = at("2026-11-24T09:00:00Z");
  EXPECT_EQ(as_clock("deadline"), errc::none);
  EXPECT_EQ(sitting.events.back().data, json({{"by", "SERVER"},
                                              {"at", "2026-11-24T02:30:00Z"},
                                              {"score_tenths", 20},
                                              {"passed", false}}));
}

TEST_F(exam_session, edge_26_client_and_server_close_once) {
  begin();
  sitting.now = at("2026-11-24T02:30:29Z");
  hand_in(true);
  sitting.wait(seconds{10});
  EXPECT_EQ(as_clock("deadline"), errc::none);
  EXPECT_EQ(sitting.count("attempt_closed"), 1u);
}

TEST_F(exam_session, edge_31_the_bank_is_not_needed_to_close) {
  begin();
  answer_rightly(1, 1);
  sitting.bank = nullptr;
  sitting.now = at("2026-11-24T02:31:00Z");
  EXPECT_EQ(as_clock("deadline"), errc::none);
  EXPECT_EQ(sitting.events.back().data["score_tenths"], 10);
}

TEST_F(exam_session, Q_5_absence) {
  enrol();
  EXPECT_EQ(as_clock("close_window"), errc::not_ready) << "too early";
  sitting.now = at("2026-11-30T01:00:00Z");
  EXPECT_EQ(as_clock("close_window"), errc::none);
  EXPECT_EQ(sitting.state(), "ABSENT");
  EXPECT_EQ(sitting.latest("exam_absent")->target, "review_case/c-1");
  EXPECT_EQ(result()["state"], "ABSENT");
  EXPECT_EQ(sitting.refusal_of("start"), errc::exam_closed);
}

TEST_F(exam_session, Q_5_somebody_inside_is_not_absent) {
  enrol();
  sitting.now = at("2026-11-30T00:59:59Z");
  start();
  sitting.now = at("2026-11-30T01:00:00Z");
  EXPECT_EQ(as_clock("close_window"), errc::none);
  EXPECT_EQ(sitting.state(), "RUNNING");
}

TEST_F(exam_session, edge_38_no_score_before_the_end) {
  enrol();
  EXPECT_EQ(sitting.refusal_of("result"), errc::score_not_ready);
  start();
  EXPECT_EQ(sitting.refusal_of("result"), errc::score_not_ready);
}

TEST_F(exam_session, rules_1_8_1_score_on_wechat_is_a_switch) {
  begin();
  hand_in();
  sitting.rules.exam_score_on_wechat = false;
  EXPECT_EQ(sitting.refusal_of("result"), errc::channel_not_allowed);
  sitting.as(applicant_actor("a-1", channel::pc));
  EXPECT_EQ(sitting.refusal_of("result"), errc::none);
}

TEST_F(exam_session, rules_4_3_14_score_for_owner_and_exam_staff) {
  begin();
  sitting.wait(seconds{90});
  hand_in();
  EXPECT_EQ(result()["used_s"], 90);
  EXPECT_EQ(sitting.as(staff_actor("EXAM_ADMIN", "s-1")).refusal_of("result"),
            errc::none);
  EXPECT_EQ(sitting.as(staff_actor("CHECKER", "s-1")).refusal_of("result"),
            errc::not_found);
  EXPECT_EQ(sitting.as(applicant_actor("a-2")).refusal_of("result"),
            errc::not_found);
}

TEST_F(exam_session, edge_74_strangers_find_nothing) {
  begin();
  sitting.as(applicant_actor("a-2"));
  for (auto type : {"view", "start", "answer", "hand_in", "result"})
    EXPECT_EQ(sitting.refusal_of(type), errc::not_found) << type;
}

TEST_F(exam_session, the_row_follows) {
  begin();
  hand_in();
  auto row = sitting.subject().project().at(0);
  EXPECT_EQ(row.table, "exam_session");
  EXPECT_EQ(row.columns["state"], "GRADED");
  EXPECT_EQ(row.columns["closed_by"], "MANUAL");
  EXPECT_EQ(row.columns["duration_s"], 5400);
}

TEST(exam_session_size, eighty_questions_fit_well_into_eight_kib) {
  auto items = paper(80).capacity() * sizeof(paper_item);
  EXPECT_EQ(sizeof(paper_item), 20u);
  EXPECT_LT(items + sizeof(domain::exam_session::state) + 1024, 4096u);
}

} // namespace
} // namespace zhiku::tests
