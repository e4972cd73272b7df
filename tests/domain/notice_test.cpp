#include "tests/domain/harness.hpp"

#include "domain/notice/delivery.hpp"

#include <gtest/gtest.h>

namespace zhiku::tests {
namespace {

using namespace domain::notice;
using std::chrono::hours;
using std::chrono::minutes;

// --- the catalogue -----------------------------------------------------------

json entry() {
  return {
    {"title", "申报材料需要补充"},
    {"page", "/h5/applications/{case_id}"},
    {"sms", "also"},
    {"sms_params", {"{number}"}},
    {"sms_text", "编号{1}"},
    {"fields", {{"thing2", "{title}"}, {"time4", "{deadline_text|at_text}"}}}};
}

std::vector<problem> problems_of(json changed) {
  std::vector<problem> problems;
  catalogue::of({{"X", std::move(changed)}}, problems);
  return problems;
}

json with(json entry, const char* key, json value) {
  entry[key] = std::move(value);
  return entry;
}

TEST(notice_catalogue, reads_what_is_right) {
  std::vector<problem> problems;
  auto all = catalogue::of({{"CASE_RETURNED", entry()}}, problems);
  EXPECT_EQ(problems, std::vector<problem>{});
  ASSERT_NE(all.find("CASE_RETURNED"), nullptr);
  EXPECT_EQ(all.find("CASE_RETURNED")->sms, sms_rule::also);
  EXPECT_EQ(all.find("OTHER"), nullptr);
}

TEST(notice_catalogue, tells_every_problem_at_once) {
  auto wrong = with(with(entry(), "sms", "maybe"), "colour", "red");
  wrong.erase("title");
  EXPECT_EQ(problems_of(wrong).size(), 3u);
}

// RULES 2.11: no ID number, no name, no score.
TEST(notice_catalogue, personal_data_cannot_be_said) {
  for (auto name : {"{name}", "{id_no}", "{phone}", "{score_tenths}"}) {
    EXPECT_FALSE(problems_of(with(entry(), "sms_params", {name})).empty());
    EXPECT_FALSE(
      problems_of(with(entry(), "fields", {{"thing2", name}})).empty());
    EXPECT_FALSE(
      problems_of(with(entry(), "page", std::string{"/h5/"} + name)).empty());
  }
}

TEST(notice_catalogue, sms_text_names_each_parameter) {
  EXPECT_FALSE(problems_of(with(entry(), "sms_text", "没有参数")).empty());
}

TEST(notice_catalogue, fills_the_first_that_is_there) {
  kind of;
  of.title = "标题";
  json payload = {{"at_text", "2026-11-24 16:00"},
                  {"days_left", 7},
                  {"pool_names", {"甲", "乙"}}};
  EXPECT_EQ(filled("{title}·{deadline_text|at_text}", of, payload),
            "标题·2026-11-24 16:00");
  EXPECT_EQ(filled("{pool_names}{days_left}", of, payload), "甲、乙7");
  EXPECT_EQ(filled("{number}", of, payload), "");
  EXPECT_EQ(filled("{unclosed", of, payload), "{unclosed");
}

// --- the way of a notification -----------------------------------------------

struct notice_way : testing::Test {
  kind what;
  limits within;
  facts known{
    what, true, false, true, std::nullopt, {}, at("2026-11-24T04:00:00Z")};

  notice_way() {
    what.event = "X";
  }

  attempt& tried(route via, stage how, int number = 1) {
    attempt one;
    one.via = via;
    one.number = number;
    one.at = how;
    one.first_at = one.changed_at = one.next_at = known.now;
    known.so_far.push_back(one);
    return known.so_far.back();
  }

  step next() const {
    return next_step(known, within);
  }
  bool calls(route via, int number = 1) const {
    auto made = next();
    const auto* made_call = std::get_if<call>(&made);
    return made_call != nullptr && made_call->via == via
           && made_call->number == number;
  }
  bool ends(bool told) const {
    auto made = next();
    const auto* end = std::get_if<done>(&made);
    return end != nullptr && end->told == told;
  }
  std::optional<instant> waits() const {
    auto made = next();
    const auto* rest = std::get_if<wait>(&made);
    return rest != nullptr ? std::optional{rest->until} : std::nullopt;
  }
};

TEST_F(notice_way, template_first) {
  EXPECT_TRUE(calls(route::template_message));
}

TEST_F(notice_way, edge_17_unfollowed_gets_sms) {
  known.reachable_by_template = false;
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, edge_18_refused_template_gets_sms_at_once) {
  tried(route::template_message, stage::failed);
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, a_consent_is_used_before_an_sms) {
  known.reachable_by_subscription = true;
  EXPECT_TRUE(calls(route::template_message));
  tried(route::template_message, stage::failed);
  EXPECT_TRUE(calls(route::subscription));
}

TEST_F(notice_way, a_subscription_notice_waits_for_its_receipt) {
  tried(route::template_message, stage::failed);
  tried(route::subscription, stage::sent);
  auto end = known.now + within.receipt;
  EXPECT_EQ(waits(), end);
  known.now = end;
  EXPECT_TRUE(ends(true));
  what.urgent = true;
  EXPECT_TRUE(calls(route::sms));
  known.so_far.back().at = stage::delivered;
  EXPECT_TRUE(ends(true));
  known.so_far.back().at = stage::failed;
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, a_subscription_notice_that_may_be_out_is_not_repeated) {
  known.reachable_by_subscription = true;
  tried(route::template_message, stage::failed);
  tried(route::subscription, stage::sending);
  auto end = known.now + within.receipt;
  for (auto doubtful : {stage::sending, stage::unknown}) {
    known.so_far.back().at = doubtful;
    EXPECT_EQ(waits(), end);
  }
  known.now = end;
  EXPECT_TRUE(ends(true));
  what.urgent = true;
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, no_sms_where_the_rule_says_never) {
  what.sms = sms_rule::never;
  tried(route::template_message, stage::failed);
  EXPECT_TRUE(ends(false));
}

TEST_F(notice_way, sms_also_goes_beside_the_template) {
  what.sms = sms_rule::also;
  tried(route::template_message, stage::sent);
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, waits_for_the_receipt_then_counts_as_delivered) {
  tried(route::template_message, stage::sent);
  EXPECT_EQ(waits(), known.now + minutes{10});
  known.now += minutes{10};
  EXPECT_TRUE(ends(true));
}

TEST_F(notice_way, urgent_without_receipt_goes_by_sms) {
  what.urgent = true;
  tried(route::template_message, stage::sent);
  known.now += minutes{10};
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, late_receipt_cancels_a_pending_fallback) {
  what.urgent = true;
  what.reminder = true;
  known.now = at("2026-11-24T14:30:00Z"); // 22:30 Beijing
  auto& message = tried(route::template_message, stage::sent);
  known.now += minutes{10};
  EXPECT_EQ(waits(), at("2026-11-25T00:00:00Z"));
  message.at = stage::delivered;
  EXPECT_TRUE(ends(true));
}

TEST_F(notice_way, busy_platform_is_tried_again_as_the_same_message) {
  auto& message = tried(route::template_message, stage::retrying);
  message.next_at = known.now + seconds{4};
  EXPECT_EQ(waits(), message.next_at);
  known.now += seconds{4};
  EXPECT_TRUE(calls(route::template_message, 1));
}

TEST_F(notice_way, patience_with_the_platform_has_an_end) {
  auto& message = tried(route::template_message, stage::retrying);
  message.next_at = known.now + hours{25};
  EXPECT_EQ(waits(), message.first_at + hours{24});
  known.now += hours{24};
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, urgent_patience_is_ten_minutes) {
  what.urgent = true;
  tried(route::template_message, stage::retrying);
  known.now += minutes{10};
  EXPECT_TRUE(calls(route::sms));
}

// Beyond ten minutes a repeat could arrive twice.
TEST_F(notice_way, unknown_outcome_is_repeated_for_ten_minutes_only) {
  tried(route::template_message, stage::unknown);
  known.now += minutes{9};
  EXPECT_TRUE(calls(route::template_message, 1));
  known.now += minutes{1};
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, a_call_under_way_is_somebodys_until_it_must_be_dead) {
  tried(route::template_message, stage::sending);
  EXPECT_EQ(waits(), known.now + call_doubt);
  known.now += call_doubt;
  EXPECT_TRUE(calls(route::template_message, 1));
}

TEST_F(notice_way, system_failure_gets_one_new_attempt) {
  tried(route::template_message, stage::failed).renew = true;
  EXPECT_TRUE(calls(route::template_message, 2));
  tried(route::template_message, stage::failed, 2).renew = true;
  EXPECT_TRUE(calls(route::sms));
}

TEST_F(notice_way, quota_is_kept_for_what_is_urgent) {
  auto tomorrow = after_quota_reset(known.now);
  known.quota_until = tomorrow;
  EXPECT_EQ(waits(), tomorrow);
  what.urgent = true;
  EXPECT_TRUE(calls(route::template_message));
}

// RULES 2.10: the default pauses.
TEST_F(notice_way, T_11_sms_pauses) {
  EXPECT_EQ(sms_pause(1), minutes{1});
  EXPECT_EQ(sms_pause(2), minutes{5});
  EXPECT_EQ(sms_pause(3), minutes{30});
  EXPECT_EQ(sms_pause(4), hours{2});
  EXPECT_EQ(sms_pause(5), hours{12});
  EXPECT_EQ(sms_pause(6), std::nullopt);
}

TEST_F(notice_way, a_lost_sms_answer_is_asked_after) {
  what.by_template = false;
  tried(route::sms, stage::unknown);
  EXPECT_TRUE(std::holds_alternative<ask_carrier>(next()));
  known.so_far.back().at = stage::failed;
  known.so_far.back().renew = true;
  EXPECT_TRUE(calls(route::sms, 2));
  tried(route::sms, stage::unknown, 2);
  EXPECT_TRUE(ends(true));
}

TEST_F(notice_way, nobody_reachable_ends_untold) {
  known.reachable_by_template = false;
  known.reachable_by_sms = false;
  EXPECT_TRUE(ends(false));
}

TEST_F(notice_way, reminders_keep_quiet_hours_and_codes_of_conduct) {
  EXPECT_EQ(after_quiet_hours(at("2026-11-24T12:59:59Z"), within),
            at("2026-11-24T12:59:59Z")); // 20:59
  EXPECT_EQ(after_quiet_hours(at("2026-11-24T13:00:00Z"), within),
            at("2026-11-25T00:00:00Z")); // 21:00 -> 08:00
  EXPECT_EQ(after_quiet_hours(at("2026-11-24T23:59:00Z"), within),
            at("2026-11-25T00:00:00Z")); // 07:59 -> 08:00
  within.quiet_from = 12;
  within.quiet_until = 14;
  EXPECT_EQ(after_quiet_hours(at("2026-11-24T05:00:00Z"), within),
            at("2026-11-24T06:00:00Z"));
  EXPECT_EQ(after_quiet_hours(at("2026-11-24T15:00:00Z"), within),
            at("2026-11-24T15:00:00Z"));
}

TEST_F(notice_way, quotas_start_anew_at_five_past_midnight_beijing) {
  EXPECT_EQ(after_quota_reset(at("2026-11-24T15:59:00Z")),
            at("2026-11-24T16:05:00Z"));
  EXPECT_EQ(after_quota_reset(at("2026-11-24T16:00:00Z")),
            at("2026-11-25T16:05:00Z"));
}

TEST_F(notice_way, stages_only_move_forward) {
  EXPECT_TRUE(may_become(stage::failed, stage::delivered));
  EXPECT_FALSE(may_become(stage::delivered, stage::failed));
  EXPECT_FALSE(may_become(stage::delivered, stage::sent));
  EXPECT_FALSE(may_become(stage::sent, stage::retrying));
  EXPECT_TRUE(may_become(stage::sending, stage::retrying));
}

TEST_F(notice_way, names_round_trip) {
  for (auto each : {stage::sending, stage::retrying, stage::unknown,
                    stage::sent, stage::failed, stage::delivered})
    EXPECT_EQ(stage_of(to_text(each)), each);
  for (auto each : {route::template_message, route::subscription, route::sms})
    EXPECT_EQ(route_of(to_text(each)), each);
}

// --- reminders ---------------------------------------------------------------

TEST(reminders, T_9_term_ends_in_90_30_7_days) {
  scenario person{"applicant/a-1"};
  person.as(visitor_actor())
    .reply("register",
           {{"identity", "EXPERT_APPLICANT"}, {"privacy_version", "1"}},
           {{"name", "张三"}, {"phone", "13800138000"}});
  person.as(system_actor("review_case/c-1"))
    .reply(
      "appoint",
      {{"case_id", "c-1"}, {"pools", {"BID"}}, {"at", "2026-11-23T01:00:00Z"}});
  std::vector<std::string> dues;
  for (const auto& each : person.effects)
    if (each.type == "remind_term")
      dues.push_back(domain::to_text(each.due));
  EXPECT_EQ(dues, (std::vector<std::string>{"2029-08-25T01:00:00Z",
                                            "2029-10-24T01:00:00Z",
                                            "2029-11-16T01:00:00Z"}));
  auto wake = *person.latest("remind_term");
  person.now = wake.due;
  person.reply(wake.type, wake.payload);
  ASSERT_NE(person.latest("TERM_ENDING_7"), nullptr);
  EXPECT_EQ(person.latest("TERM_ENDING_7")->payload["term_end_text"],
            "2029-11-23");
  // Of a term that is over nobody is reminded.
  person.now = at("2029-11-24T01:00:00Z");
  EXPECT_TRUE(person.when(wake.type, wake.payload)->events.empty());
}

} // namespace
} // namespace zhiku::tests
