#include "domain/entity.hpp"

#include "domain/channel_rule.hpp"
#include "domain/dispatch.hpp"
#include "domain/waits_for.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace zhiku::domain {
namespace {

TEST(entity, derived_ids_are_uuids_and_repeat) {
  auto id = derive_id("command", "purpose");
  EXPECT_TRUE(std::regex_match(
    id, std::regex{"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-"
                   "[0-9a-f]{12}"}));
  EXPECT_EQ(id, derive_id("command", "purpose"));
}

TEST(entity, derived_ids_differ_by_command_and_purpose) {
  std::set<std::string> ids;
  for (int i = 0; i < 10000; ++i)
    ids.insert(derive_id("command-" + std::to_string(i % 100),
                         "purpose-" + std::to_string(i / 100)));
  EXPECT_EQ(ids.size(), 10000u);
}

TEST(entity, streams) {
  EXPECT_EQ(kind_of("review_case/1"), "review_case");
  EXPECT_EQ(id_of("review_case/1"), "1");
  EXPECT_EQ(id_of("review_case"), "");
  for (auto kind : {"phone_proof", "applicant", "review_case", "exam_session"})
    EXPECT_TRUE(make_entity(std::string{kind} + "/1")) << kind;
  EXPECT_FALSE(make_entity("applicant/"));
  EXPECT_FALSE(make_entity("nonsense/1"));
}

TEST(entity, old_shapes_are_brought_up_step_by_step) {
  constexpr upcaster shapes[] = {
    {"paid", 2, [](event& ev) { ev.data["currency"] = "CNY"; }},
    {"paid", 1,
     [](event& ev) { ev.data["fen"] = ev.data["yuan"].get<int>() * 100; }},
  };
  auto newest = upcast(shapes, {"paid", {{"yuan", 3}}, json::object(), 1});
  EXPECT_EQ(newest.schema, 3);
  EXPECT_EQ(newest.data["fen"], 300);
  EXPECT_EQ(newest.data["currency"], "CNY");
  auto other = upcast(shapes, {"refunded", {{"yuan", 3}}, json::object(), 1});
  EXPECT_EQ(other.schema, 1);
}

TEST(entity, actors_round_trip) {
  actor_ref who{{"CHECKER", "APPROVER"}, "s-1", channel::staff};
  auto read = actor_of(to_json(who));
  EXPECT_EQ(read.roles, who.roles);
  EXPECT_EQ(read.id, "s-1");
  EXPECT_EQ(read.ch, channel::staff);
  EXPECT_TRUE(actor_of(json(7)).roles.empty());
}

TEST(errc, codes_are_stable_and_round_trip) {
  EXPECT_EQ(code(errc::channel_not_allowed), "CHANNEL_NOT_ALLOWED");
  for (int i = 0; i <= static_cast<int>(errc::internal); ++i) {
    auto value = static_cast<errc>(i);
    EXPECT_EQ(errc_of(code(value)), value) << code(value);
    EXPECT_FALSE(title(value).empty());
  }
  EXPECT_EQ(errc_of("NO_SUCH_CODE"), errc::internal);
}

struct channel_case {
  function what;
  std::string_view pool;
  errc on_wechat;
  errc on_pc;
};

TEST(channel_rule, rules_1_7) {
  constexpr auto yes = errc::none;
  constexpr auto pc = errc::channel_not_allowed;
  constexpr auto no = errc::function_not_in_pool;
  const channel_case table[] = {
    {function::archive, "BID", yes, yes},
    {function::change, "GREEN", yes, yes},
    {function::records, "BID", yes, yes},
    {function::good_record, "BID", pc, yes},
    {function::good_record, "GREEN", no, no},
    {function::suspension, "BID", pc, yes},
    {function::suspension, "GREEN", no, no},
    {function::dismissal, "BID", pc, yes},
    {function::dismissal, "GREEN", pc, yes},
    {function::upload_image, "", yes, yes},
    {function::upload_pdf, "", pc, yes},
    {function::download_sample, "", pc, yes},
    {function::sit_exam, "", yes, yes},
  };
  for (const auto& each : table) {
    EXPECT_EQ(check_channel(each.what, each.pool, channel::wechat),
              each.on_wechat);
    EXPECT_EQ(check_channel(each.what, each.pool, channel::pc), each.on_pc);
  }
}

TEST(waits_for, names_who_acts_next) {
  EXPECT_EQ(waits_for("review_case", "SUBMITTED"), "ACCEPTOR");
  EXPECT_EQ(waits_for("review_case", "RETURNED"), "APPLICANT");
  EXPECT_EQ(waits_for("review_case", "APPOINTED"), "NOBODY");
}

} // namespace
} // namespace zhiku::domain
