#include "tests/domain/samples.hpp"

#include <gtest/gtest.h>

namespace zhiku::tests {
namespace {

struct review_case : testing::Test {
  scenario file{"review_case/c-1"};

  void open() {
    file.as(system_actor("applicant/a-1"))
      .reply("open",
             {{"applicant_id", "a-1"},
              {"number", "PM20261123ABCDEFGH"},
              {"pools", {"BID", "GREEN"}},
              {"declarations", declaration_ids()},
              {"submitted_at", "2026-11-23T01:00:00Z"}},
             {{"form", good_form()}});
  }
  errc as_owner(std::string type, json data = json::object(),
                json pii = json::object()) {
    return file.as(applicant_actor())
      .refusal_of(std::move(type), std::move(data), std::move(pii));
  }
  errc as_staff(std::string role, std::string type,
                json data = json::object()) {
    auto id = "s-" + role;
    return file.as(staff_actor(std::move(role), id))
      .refusal_of(std::move(type), std::move(data));
  }
  errc as_system(std::string type, json data = json::object()) {
    return file.as(system_actor()).refusal_of(std::move(type), std::move(data));
  }

  errc accept() {
    return as_staff("ACCEPTOR", "accept");
  }
  errc send_back() {
    return as_staff(
      "CHECKER", "return",
      {{"remarks", {{{"item", "employer"}, {"text", "请盖章"}}}}});
  }
  errc resubmit() {
    return as_owner("resubmit", json::object(), {{"form", good_form()}});
  }
  errc pass(json plan = good_plan()) {
    return as_staff("CHECKER", "pass", {{"plan", std::move(plan)}});
  }
  errc finish(bool passed) {
    return as_system("exam_finished",
                     {{"score_tenths", 600}, {"passed", passed}});
  }
  errc appoint(std::vector<std::string> pools) {
    return as_staff("APPROVER", "appoint", {{"pools", std::move(pools)}});
  }

  void to_accepted() {
    open();
    accept();
  }
  void to_returned() {
    to_accepted();
    send_back();
  }
  void to_passed() {
    to_accepted();
    pass();
  }
  void to_exam_passed() {
    to_passed();
    finish(true);
  }
};

TEST_F(review_case, opens_once_and_belongs_to_its_applicant) {
  open();
  open();
  EXPECT_EQ(file.events.size(), 1u);
  EXPECT_EQ(file.state(), "SUBMITTED");
  EXPECT_EQ(file.subject().subject(), "a-1");
  EXPECT_NE(file.latest("CASE_SUBMITTED"), nullptr);
  auto row = file.subject().project().at(0);
  EXPECT_EQ(row.pii["name"], "李明");
  EXPECT_EQ(row.columns.dump().find("李明"), std::string::npos);
}

TEST_F(review_case, C_5_withdraws_before_acceptance) {
  open();
  EXPECT_EQ(as_owner("withdraw"), errc::none);
  EXPECT_EQ(file.state(), "WITHDRAWN");
  EXPECT_EQ(file.latest("case_changed")->payload,
            json({{"case_id", "c-1"}, {"state", "WITHDRAWN"}}));
  EXPECT_EQ(file.latest("case_changed")->target, "applicant/a-1");
}

TEST_F(review_case, edge_1_exactly_one_of_withdraw_and_accept_wins) {
  open();
  EXPECT_EQ(accept(), errc::none);
  EXPECT_EQ(as_owner("withdraw"), errc::already_accepted);

  scenario other{"review_case/c-2"};
  std::swap(file, other);
  open();
  EXPECT_EQ(as_owner("withdraw"), errc::none);
  EXPECT_EQ(accept(), errc::already_withdrawn);
}

TEST_F(review_case, C_6_roles_are_kept_apart) {
  open();
  EXPECT_EQ(as_staff("CHECKER", "accept"), errc::forbidden);
  EXPECT_EQ(as_owner("accept"), errc::forbidden);
  EXPECT_EQ(accept(), errc::none);
  EXPECT_EQ(as_staff("ACCEPTOR", "pass"), errc::forbidden);
  EXPECT_EQ(as_staff("APPROVER", "reject", {{"reason", "x"}}), errc::forbidden);
  EXPECT_EQ(file.as(applicant_actor("a-2")).refusal_of("withdraw"),
            errc::not_found);
}

TEST_F(review_case, C_12_nobody_checks_their_own_case) {
  to_accepted();
  EXPECT_EQ(file.as(staff_actor("CHECKER", "a-1")).refusal_of("pass"),
            errc::four_eyes);
}

TEST_F(review_case, C_7_returns_with_remarks_and_a_deadline) {
  to_accepted();
  EXPECT_EQ(as_staff("CHECKER", "return", {{"remarks", json::array()}}),
            errc::invalid_input);
  EXPECT_EQ(as_staff("CHECKER", "return", {{"remarks", "x"}}),
            errc::invalid_input);
  EXPECT_EQ(send_back(), errc::none);
  const auto* lapse = file.latest("lapse");
  ASSERT_NE(lapse, nullptr);
  EXPECT_EQ(lapse->target, "review_case/c-1");
  EXPECT_EQ(lapse->due, file.now + file.rules.case_supplement);
  EXPECT_EQ(lapse->payload, json({{"round", 1}}));
  const auto* notice = file.latest("CASE_RETURNED");
  ASSERT_NE(notice, nullptr);
  EXPECT_EQ(notice->what, effect::kind::notify);
  EXPECT_EQ(notice->target, "a-1");
  EXPECT_EQ(notice->payload.dump().find("请盖章"), std::string::npos);
}

TEST_F(review_case, C_7_no_deadline_when_switched_off) {
  file.rules.case_supplement = seconds{0};
  to_returned();
  EXPECT_EQ(file.latest("lapse"), nullptr);
  file.wait(seconds{365 * 86400});
  EXPECT_EQ(resubmit(), errc::none);
}

TEST_F(review_case, edge_10_no_second_return_without_a_supplement) {
  to_returned();
  EXPECT_EQ(send_back(), errc::state_conflict);
  EXPECT_EQ(resubmit(), errc::none);
  EXPECT_EQ(send_back(), errc::none);
  EXPECT_EQ(file.latest("lapse")->payload["round"], 2);
}

TEST_F(review_case, max_returns) {
  file.rules.case_max_returns = 1;
  to_returned();
  resubmit();
  EXPECT_EQ(send_back(), errc::state_conflict);
}

TEST_F(review_case, C_9_the_supplement_is_checked) {
  to_returned();
  auto form = good_form();
  form["mobile"] = "1";
  EXPECT_EQ(as_owner("resubmit", json::object(), {{"form", form}}),
            errc::invalid_input);
  form = good_form();
  form["name"] = "王芳";
  EXPECT_EQ(as_owner("resubmit", json::object(), {{"form", form}}),
            errc::invalid_input);
  form = good_form();
  form["target_pools"] = {"BID"};
  EXPECT_EQ(as_owner("resubmit", json::object(), {{"form", form}}), errc::none);
  EXPECT_EQ(file.state(), "RESUBMITTED");
  EXPECT_EQ(file.subject().project()[0].columns["pools"],
            json({"BID", "GREEN"}));
}

TEST_F(review_case, edge_13_the_deadline_second_is_in_time) {
  to_returned();
  file.wait(file.rules.case_supplement);
  EXPECT_EQ(resubmit(), errc::none);
  EXPECT_EQ(as_system("lapse", {{"round", 1}}), errc::none);
  EXPECT_EQ(file.state(), "RESUBMITTED");
}

TEST_F(review_case, edge_13_after_it_is_too_late) {
  to_returned();
  file.wait(file.rules.case_supplement + microseconds{1});
  EXPECT_EQ(resubmit(), errc::state_conflict);
}

TEST_F(review_case, C_10_lapses) {
  to_returned();
  EXPECT_EQ(as_system("lapse", {{"round", 1}}), errc::not_ready) << "too early";
  file.wait(file.rules.case_supplement);
  EXPECT_EQ(as_system("lapse", {{"round", 7}}), errc::none) << "another round";
  EXPECT_EQ(file.state(), "RETURNED");
  EXPECT_EQ(as_system("lapse", {{"round", 1}}), errc::none);
  EXPECT_EQ(file.state(), "LAPSED");
}

TEST_F(review_case, C_11_withdrawing_a_returned_case_is_a_switch) {
  to_returned();
  EXPECT_EQ(as_owner("withdraw"), errc::already_accepted);
  file.rules.case_withdraw_when_returned = true;
  EXPECT_EQ(as_owner("withdraw"), errc::none);
}

TEST_F(review_case, C_12_passing_registers_for_the_exam) {
  to_accepted();
  auto reply = file.as(staff_actor("CHECKER", "s-1"))
                 .reply("pass", {{"plan", good_plan()}});
  const auto* enrol = file.latest("register");
  ASSERT_NE(enrol, nullptr);
  EXPECT_EQ(enrol->target,
            "exam_session/" + reply["exam_session_id"].get<std::string>());
  EXPECT_EQ(enrol->payload, json({{"case_id", "c-1"},
                                  {"case_number", "PM20261123ABCDEFGH"},
                                  {"applicant_id", "a-1"},
                                  {"plan", good_plan()}}));
  EXPECT_NE(file.latest("CASE_PASSED"), nullptr);
}

TEST_F(review_case, Q_2_edge_15_without_a_plan_the_person_waits_for_one) {
  to_accepted();
  EXPECT_EQ(pass(nullptr), errc::none);
  EXPECT_EQ(file.latest("register"), nullptr);
  EXPECT_EQ(as_staff("EXAM_ADMIN", "bind_plan", {{"plan", good_plan()}}),
            errc::none);
  EXPECT_NE(file.latest("register"), nullptr);
  EXPECT_EQ(as_staff("EXAM_ADMIN", "bind_plan", {{"plan", good_plan()}}),
            errc::state_conflict);
}

TEST_F(review_case, edge_16_a_running_window_must_leave_time) {
  to_accepted();
  file.now = at("2026-11-27T01:00:00.000001Z");
  EXPECT_EQ(pass(), errc::no_exam_plan);
  file.now = at("2026-11-27T01:00:00Z");
  EXPECT_EQ(pass(), errc::none);
}

TEST_F(review_case, C_13_rejection_needs_a_reason) {
  to_accepted();
  EXPECT_EQ(as_staff("CHECKER", "reject"), errc::invalid_input);
  EXPECT_EQ(as_staff("CHECKER", "reject", {{"reason", "材料不实"}}),
            errc::none);
  EXPECT_EQ(file.state(), "REJECTED");
  EXPECT_EQ(file.events.back().data.dump().find("材料不实"), std::string::npos);
}

TEST_F(review_case, C_14_C_15_C_16_the_exam_decides) {
  to_passed();
  EXPECT_EQ(finish(true), errc::none);
  EXPECT_EQ(file.state(), "EXAM_PASSED");
  EXPECT_EQ(file.latest("EXAM_SCORE")->payload.count("score_tenths"), 0u)
    << "no score in a message";
  EXPECT_EQ(as_system("exam_absent"), errc::none) << "a late repeat";
  EXPECT_EQ(file.state(), "EXAM_PASSED");
}

TEST_F(review_case, C_15_failing_ends_it) {
  to_passed();
  finish(false);
  EXPECT_EQ(file.state(), "EXAM_FAILED");
  EXPECT_TRUE(file.subject().final());
}

TEST_F(review_case, C_16_absence_waives) {
  to_passed();
  as_system("exam_absent");
  EXPECT_EQ(file.state(), "WAIVED");
  EXPECT_NE(file.latest("EXAM_WAIVED"), nullptr);
}

TEST_F(review_case, C_18_C_19_appoints_by_pool) {
  to_exam_passed();
  EXPECT_EQ(appoint({"RED"}), errc::invalid_input);
  EXPECT_EQ(appoint({}), errc::invalid_input);
  EXPECT_EQ(appoint({"GREEN"}), errc::none);
  EXPECT_EQ(file.state(), "APPOINTED");
  EXPECT_EQ(file.count("case_proposed"), 1u);
  EXPECT_EQ(file.latest("appoint")->payload,
            json({{"case_id", "c-1"},
                  {"pools", {"GREEN"}},
                  {"at", "2026-11-23T01:00:00Z"}}));
}

TEST_F(review_case, edge_90_a_second_appointment_gives_the_first_result) {
  to_exam_passed();
  appoint({"GREEN"});
  auto events = file.events.size();
  auto again = file.as(staff_actor("APPROVER", "s-9"))
                 .reply("appoint", {{"pools", {"BID"}}});
  EXPECT_EQ(again["pools"], json({"GREEN"}));
  EXPECT_EQ(file.events.size(), events);
}

TEST_F(review_case, four_eyes_is_a_switch) {
  to_exam_passed();
  auto both = staff_actor("APPROVER", "s-CHECKER");
  EXPECT_EQ(file.as(both).refusal_of("appoint", {{"pools", {"BID"}}}),
            errc::four_eyes);
  file.rules.four_eyes = false;
  EXPECT_EQ(file.as(both).refusal_of("appoint", {{"pools", {"BID"}}}),
            errc::none);
}

TEST_F(review_case, C_20_not_approved_needs_a_reason) {
  to_exam_passed();
  EXPECT_EQ(as_staff("APPROVER", "not_approve"), errc::invalid_input);
  EXPECT_EQ(as_staff("APPROVER", "not_approve", {{"reason", "名额已满"}}),
            errc::none);
  EXPECT_EQ(file.state(), "NOT_APPROVED");
  EXPECT_NE(file.latest("NOT_APPROVED"), nullptr);
}

TEST_F(review_case, the_timeline_tells_roles_to_all_and_names_to_staff) {
  to_returned();
  auto mine = file.as(applicant_actor()).reply("view");
  ASSERT_EQ(mine["history"].size(), 3u);
  EXPECT_EQ(mine["history"][1]["role"], "ACCEPTOR");
  EXPECT_EQ(mine["history"][2]["from"], "ACCEPTED");
  EXPECT_EQ(mine["history"][2]["to"], "RETURNED");
  EXPECT_FALSE(mine["history"][1].contains("who"));
  EXPECT_EQ(mine["remarks"][0]["text"], "请盖章");
  EXPECT_EQ(mine["form"], good_form());
  auto theirs = file.as(staff_actor("CHECKER", "s-1")).reply("view");
  EXPECT_EQ(theirs["history"][1]["who"], "s-ACCEPTOR");
}

// X4, RULES 3: staff see what is protected masked, all else in clear.
TEST_F(review_case, x4_staff_see_protected_fields_masked) {
  open();
  auto form = file.as(staff_actor("CHECKER", "s-1")).reply("view")["form"];
  auto clear = good_form();
  EXPECT_EQ(form["name"], clear["name"]);
  for (auto field : {"id_no", "mobile", "address"}) {
    auto shown = form[field].get<std::string>();
    EXPECT_NE(shown, clear[field]) << field;
    EXPECT_NE(shown.find("****"), std::string::npos) << field;
  }
}

TEST_F(review_case, R_15_revealing_is_on_record_with_its_purpose) {
  open();
  auto reply = file.as(staff_actor("CHECKER", "s-1"))
                 .reply("reveal", {{"purpose", "核对身份证件"}});
  auto clear = good_form();
  EXPECT_EQ(reply["fields"], (json{{"id_no", clear["id_no"]},
                                   {"mobile", clear["mobile"]},
                                   {"address", clear["address"]}}));
  const auto& seen = file.events.back();
  EXPECT_EQ(seen.type, "revealed");
  EXPECT_EQ(seen.data["by"], (json{{"role", "CHECKER"}, {"id", "s-1"}}));
  EXPECT_EQ(seen.pii["purpose"], "核对身份证件");
  EXPECT_EQ(file.state(), "SUBMITTED") << "nothing else changes";
}

TEST_F(review_case, R_15_only_those_roles_reveal_and_never_without_purpose) {
  EXPECT_EQ(as_staff("AUDITOR", "reveal", {{"purpose", "抽查"}}),
            errc::not_found);
  open();
  for (auto role : {"ACCEPTOR", "APPROVER", "EXAM_ADMIN"})
    EXPECT_EQ(as_staff(role, "reveal", {{"purpose", "好奇"}}), errc::forbidden)
      << role;
  EXPECT_EQ(
    file.as(applicant_actor()).refusal_of("reveal", {{"purpose", "我的"}}),
    errc::forbidden);
  EXPECT_EQ(as_staff("CHECKER", "reveal"), errc::invalid_input);
  for (auto role : {"CHECKER", "POOL_ADMIN", "AUDITOR"})
    EXPECT_EQ(as_staff(role, "reveal", {{"purpose", "抽查"}}), errc::none)
      << role;
}

// E14: where the exam's result may not be read, no view shows the score.
TEST_F(review_case, e14_the_score_comes_out_by_no_side_door) {
  to_exam_passed();
  auto score = [&](const actor_ref& who) {
    return file.as(who).reply("view")["score_tenths"];
  };
  EXPECT_TRUE(score(applicant_actor("a-1", channel::pc)).is_number());
  EXPECT_TRUE(score(applicant_actor()).is_number());
  file.rules.exam_score_on_wechat = false;
  EXPECT_TRUE(score(applicant_actor()).is_null());
  EXPECT_TRUE(score(applicant_actor("a-1", channel::pc)).is_number());
  EXPECT_TRUE(score(staff_actor("ACCEPTOR", "s-1")).is_null());
  EXPECT_TRUE(score(staff_actor("CHECKER", "s-1")).is_null());
  EXPECT_TRUE(score(staff_actor("APPROVER", "s-1")).is_number());
}

TEST_F(review_case, edge_20_nobody_else_sees_it) {
  EXPECT_EQ(as_staff("CHECKER", "view"), errc::not_found) << "not opened";
  open();
  EXPECT_EQ(file.as(applicant_actor("a-2")).refusal_of("view"),
            errc::not_found);
  EXPECT_EQ(file.as(staff_actor("EXAM_ADMIN", "s-1")).refusal_of("view"),
            errc::not_found);
}

} // namespace
} // namespace zhiku::tests
