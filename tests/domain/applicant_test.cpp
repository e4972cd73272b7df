#include "tests/domain/samples.hpp"

#include <gtest/gtest.h>

namespace zhiku::tests {
namespace {

struct applicant : testing::Test {
  scenario person{"applicant/a-1"};

  json enrol() {
    return person.as(visitor_actor())
      .reply("register",
             {{"identity", "EXPERT_APPLICANT"},
              {"openid", "o-1"},
              {"privacy_version", "1"}},
             {{"name", "李明"}, {"phone", "13800138000"}});
  }

  std::string save(json form = good_form()) {
    auto reply = person.as(applicant_actor())
                   .reply("save_draft", json::object(), {{"form", form}});
    return reply["draft_id"];
  }

  errc submit(const std::string& draft_id, int base_version = 1) {
    return person.as(applicant_actor())
      .refusal_of("submit", {{"draft_id", draft_id},
                             {"base_version", base_version},
                             {"declarations", declaration_ids()}});
  }

  std::string case_id() const {
    return std::string{
      id_of(person.latest("open") ? person.latest("open")->target : "")};
  }

  void case_moves_to(std::string state) {
    person.as(system_actor())
      .reply("case_changed", {{"case_id", case_id()}, {"state", state}});
  }

  json appoint(std::vector<std::string> pools) {
    return person.as(system_actor())
      .reply("appoint", {{"case_id", case_id()},
                         {"pools", std::move(pools)},
                         {"at", "2026-12-01T01:00:00Z"}});
  }

  json view() {
    return person.as(applicant_actor()).reply("view");
  }

  row row_of(std::string_view table) const {
    for (auto& each : person.subject().project())
      if (each.table == table)
        return each;
    return {};
  }
};

TEST_F(applicant, I_2_registers_with_sealed_name_and_phone) {
  EXPECT_EQ(enrol()["applicant_id"], "a-1");
  EXPECT_EQ(person.events[0].pii["phone"], "13800138000");
  EXPECT_EQ(person.events[0].data.dump().find("李明"), std::string::npos);
  auto person_row = row_of("person");
  EXPECT_EQ(person_row.lookups.at("phone_hash"), "13800138000");
  EXPECT_EQ(person_row.columns["openid"], "o-1");
  EXPECT_EQ(person_row.columns["reachable"], true);
  EXPECT_EQ(person.subject().subject(), "a-1");
}

TEST_F(applicant, I_2_needs_privacy_notice_and_good_fields) {
  EXPECT_EQ(person.refusal_of("register", {{"identity", "EXPERT_APPLICANT"}},
                              {{"name", "李明"}, {"phone", "13800138000"}}),
            errc::consent_required);
  auto refused = person.when("register", {{"identity", "KING"}},
                             {{"name", "张3"}, {"phone", "1"}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fields.size(), 3u);
}

TEST_F(applicant, edge_43_44_another_name_is_not_the_same_person) {
  enrol();
  json data = {{"openid", "o-2"}, {"identity", "EXPERT_APPLICANT"}};
  EXPECT_EQ(person.refusal_of("bind", data, {{"name", "王芳"}}),
            errc::identity_mismatch);
  EXPECT_EQ(person.refusal_of("bind", data, {{"name", "李明"}}), errc::none);
  EXPECT_EQ(row_of("person").columns["openid"], "o-2");
}

TEST_F(applicant, binding_again_changes_nothing) {
  enrol();
  enrol();
  EXPECT_EQ(person.events.size(), 1u);
}

TEST_F(applicant, login_is_an_event_only_for_the_known) {
  EXPECT_EQ(person.refusal_of("login"), errc::not_found);
  enrol();
  EXPECT_EQ(person.reply("login")["applicant_id"], "a-1");
  EXPECT_EQ(person.count("logged_in"), 1u);
}

TEST_F(applicant, I_5_I_6_switches_between_held_identities) {
  enrol();
  person.as(visitor_actor())
    .reply("bind", {{"openid", "o-1"}, {"identity", "PROJECT_LEADER"}},
           {{"name", "李明"}});
  person.as(applicant_actor());
  EXPECT_EQ(person.refusal_of("switch_identity", {{"identity", "KING"}}),
            errc::forbidden);
  person.reply("switch_identity", {{"identity", "EXPERT_APPLICANT"}});
  EXPECT_EQ(row_of("person").columns["active_identity"], "EXPERT_APPLICANT");
}

TEST_F(applicant, I_7_only_the_newest_push_counts) {
  enrol();
  person.as(system_actor());
  json late = {{"openid", "o-1"}, {"at", "2026-11-23T02:00:00Z"}};
  json early = {{"openid", "o-1"}, {"at", "2026-11-23T01:30:00Z"}};
  person.reply("unfollow", late);
  person.reply("follow", early);
  EXPECT_EQ(row_of("person").columns["reachable"], false);
  person.reply("follow", {{"openid", "o-9"}, {"at", "2026-11-23T03:00:00Z"}});
  EXPECT_EQ(row_of("person").columns["reachable"], false);
}

TEST_F(applicant, w7_a_closed_wechat_account_is_unbound) {
  enrol();
  EXPECT_EQ(person.refusal_of("unbind", {{"openid", "o-1"}}), errc::forbidden);
  person.as(system_actor());
  person.reply("unbind", {{"openid", "o-9"}});
  EXPECT_EQ(row_of("person").columns["openid"], "o-1");
  person.reply("unbind", {{"openid", "o-1"}});
  person.reply("unbind", {{"openid", "o-1"}});
  EXPECT_EQ(person.count("unbound"), 1u);
  EXPECT_TRUE(row_of("person").columns["openid"].is_null());
  EXPECT_EQ(row_of("person").columns["reachable"], false);
}

TEST_F(applicant, C_1_C_2_drafts_are_versioned) {
  enrol();
  auto id = save(json::object());
  json edit = {{"draft_id", id}, {"base_version", 1}};
  auto saved = person.reply("save_draft", edit, {{"form", good_form()}});
  EXPECT_EQ(saved["version"], 2);
  EXPECT_EQ(person.refusal_of("save_draft", edit, {{"form", good_form()}}),
            errc::version_stale);
  EXPECT_EQ(row_of("draft").columns["pools"], json({"BID", "GREEN"}));
}

TEST_F(applicant, C_3_edge_5_a_deleted_draft_is_gone) {
  enrol();
  auto id = save();
  person.reply("delete_draft", {{"draft_id", id}});
  person.reply("delete_draft", {{"draft_id", id}});
  EXPECT_EQ(person.count("draft_deleted"), 1u);
  EXPECT_EQ(person.refusal_of("save_draft",
                              {{"draft_id", id}, {"base_version", 2}},
                              {{"form", good_form()}}),
            errc::gone);
  EXPECT_TRUE(view()["drafts"].empty());
  EXPECT_EQ(row_of("draft").columns["state"], "DELETED");
}

TEST_F(applicant, edge_6_a_submitted_one_cannot_be_deleted) {
  enrol();
  auto id = save();
  submit(id);
  EXPECT_EQ(person.refusal_of("delete_draft", {{"draft_id", id}}),
            errc::state_conflict);
}

TEST_F(applicant, edge_74_strangers_find_nothing) {
  enrol();
  auto id = save();
  for (auto who : {applicant_actor("a-2"), staff_actor("CHECKER", "s-1"),
                   staff_actor("CHECKER", "a-1"), visitor_actor()}) {
    person.as(who);
    EXPECT_EQ(person.refusal_of("view"), errc::not_found);
    EXPECT_EQ(person.refusal_of("delete_draft", {{"draft_id", id}}),
              errc::not_found);
  }
}

TEST_F(applicant, C_4_submits_with_a_number_and_opens_the_case) {
  enrol();
  EXPECT_EQ(submit(save()), errc::none);
  const auto* open = person.latest("open");
  ASSERT_NE(open, nullptr);
  EXPECT_EQ(kind_of(open->target), "review_case");
  EXPECT_EQ(open->payload["applicant_id"], "a-1");
  EXPECT_EQ(open->payload["number"].get<std::string>().substr(0, 10),
            "PM20261123");
  EXPECT_EQ(open->payload["number"].get<std::string>().size(), 18u);
  EXPECT_EQ(open->payload["submitted_at"], "2026-11-23T01:00:00Z");
  EXPECT_EQ(open->pii["form"], good_form());
  EXPECT_EQ(open->payload.dump().find("李明"), std::string::npos);
  EXPECT_EQ(row_of("draft").columns["state"], "SUBMITTED");
}

TEST_F(applicant, C_4_needs_every_declaration) {
  enrol();
  auto refused = person.as(applicant_actor())
                   .when("submit", {{"draft_id", save()},
                                    {"base_version", 1},
                                    {"declarations", {"TRUTH"}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::consent_required);
  EXPECT_EQ(refused.error().fields.size(), 3u);
}

TEST_F(applicant, edge_7_submission_names_every_fault) {
  enrol();
  auto form = good_form();
  form.erase("employer");
  form["mobile"] = "1";
  form["name"] = "王芳";
  auto id = save(form);
  auto refused = person.when("submit", {{"draft_id", id},
                                        {"base_version", 1},
                                        {"declarations", declaration_ids()}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_input);
  EXPECT_EQ(refused.error().fields.size(), 3u);
}

TEST_F(applicant, edge_3_the_second_submission_is_behind) {
  enrol();
  auto id = save();
  EXPECT_EQ(submit(id), errc::none);
  EXPECT_EQ(submit(id), errc::version_stale);
  EXPECT_EQ(submit(id, 2), errc::state_conflict);
  EXPECT_EQ(person.count("application_submitted"), 1u);
}

TEST_F(applicant, edge_4_one_open_case_a_pool) {
  enrol();
  auto form = good_form();
  form["target_pools"] = {"GREEN"};
  auto first = save();
  auto second = save(form);
  EXPECT_EQ(submit(first), errc::none);
  EXPECT_EQ(submit(second), errc::open_case_exists);
  EXPECT_EQ(view()["drafts"].size(), 2u);
}

TEST_F(applicant, C_5_a_withdrawn_case_makes_the_draft_editable_again) {
  enrol();
  auto id = save();
  submit(id);
  case_moves_to("WITHDRAWN");
  EXPECT_EQ(row_of("draft").columns["state"], "WITHDRAWN");
  EXPECT_EQ(submit(id, 3), errc::none);
  EXPECT_EQ(view()["cases"].size(), 2u);
}

TEST_F(applicant, late_news_never_opens_a_closed_case) {
  enrol();
  submit(save());
  case_moves_to("REJECTED");
  case_moves_to("ACCEPTED");
  EXPECT_EQ(view()["cases"][0]["state"], "REJECTED");
  EXPECT_EQ(submit(save()), errc::none) << "C-21: may apply again";
}

TEST_F(applicant, M_1_appointment_makes_a_term) {
  enrol();
  submit(save());
  case_moves_to("APPOINTED");
  appoint({"BID"});
  auto expert = row_of("expert");
  EXPECT_EQ(expert.key, "a-1:BID");
  EXPECT_EQ(expert.columns["term_start"], "2026-12-01");
  EXPECT_EQ(expert.columns["term_end"], "2029-12-01");
  EXPECT_EQ(expert.columns["number"].get<std::string>().substr(0, 7),
            "BID2026");
}

TEST_F(applicant, edge_90_appointing_twice_changes_nothing) {
  enrol();
  submit(save());
  case_moves_to("APPOINTED");
  appoint({"BID", "GREEN"});
  appoint({"BID", "GREEN"});
  EXPECT_EQ(person.count("appointed"), 1u);
}

TEST_F(applicant, edge_59_the_other_pool_stays_open_to_an_expert) {
  enrol();
  auto both = save();
  auto form = good_form();
  form["target_pools"] = {"GREEN"};
  auto green = save(form);
  submit(both);
  case_moves_to("APPOINTED");
  appoint({"BID"});
  EXPECT_EQ(submit(save()), errc::already_expert);
  EXPECT_EQ(submit(green), errc::none);
}

TEST_F(applicant, only_entities_bring_news) {
  enrol();
  submit(save());
  person.as(applicant_actor());
  EXPECT_EQ(person.refusal_of("case_changed",
                              {{"case_id", case_id()}, {"state", "WITHDRAWN"}}),
            errc::forbidden);
  EXPECT_EQ(person.refusal_of("appoint", {{"case_id", case_id()}}),
            errc::forbidden);
}

TEST_F(applicant, erased_personal_data_leaves_a_readable_history) {
  enrol();
  submit(save());
  auto fresh = make_entity("applicant/a-1");
  for (auto ev : person.events) {
    ev.pii = json::object();
    fresh->evolve(ev);
  }
  EXPECT_EQ(fresh->snapshot(), person.subject().snapshot());
  EXPECT_EQ(fresh->snapshot_pii()["name"], "");
}

} // namespace
} // namespace zhiku::tests
