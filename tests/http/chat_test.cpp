// What pushes mean and what the account says: pure.

#include "http/chat_text.hpp"
#include "http/progress_text.hpp"
#include "http/push_meaning.hpp"
#include "http/timer.hpp"
#include "test_client.hpp"

#include <atomic>
#include <future>
#include <set>

using namespace zhiku;
using namespace zhiku::http;
using domain::json;

namespace {

const auto noon = *domain::instant_of("2026-11-23T04:00:00Z");

wechat::push event(std::string name, std::string key = "") {
  wechat::push what;
  what.msg_type = "event";
  what.event = std::move(name);
  what.event_key = std::move(key);
  return what;
}

wechat::push text(std::string content) {
  wechat::push what;
  what.msg_type = "text";
  what.content = std::move(content);
  return what;
}

json case_in(const std::string& state) {
  return {
    {"id", "case-1"}, {"number", "20260001"},   {"pools", {"BID", "GREEN"}},
    {"state", state}, {"deadline_at", nullptr}, {"exam_session_id", "exam-1"}};
}

json exam_in(const std::string& state) {
  return {{"id", "exam-1"},
          {"plan_name", "2026年第一次入库考试"},
          {"state", state},
          {"window_start", "2026-11-24T01:00:00Z"},
          {"window_end", "2026-11-25T10:00:00Z"},
          {"deadline_at", "2026-11-24T03:30:00Z"}};
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(push_meaning, is_told_by_event_key_and_words) {
  const std::pair<wechat::push, meaning> table[] = {
    {event("subscribe"), meaning::follow},
    {event("subscribe", "qrscene_poster"), meaning::follow},
    {event("subscribe", "qrscene_login:1"), meaning::scan},
    {event("SCAN", "login:1"), meaning::scan},
    {event("SCAN", "poster"), meaning::nothing},
    {event("unsubscribe"), meaning::unfollow},
    {event("CLICK", "PROGRESS"), meaning::progress},
    {event("CLICK", "EXAM"), meaning::exam},
    {event("CLICK", "ARCHIVE"), meaning::archive},
    {event("CLICK", "SERVICE"), meaning::service},
    {event("CLICK", "unknown"), meaning::help},
    {event("VIEW", "https://zhiku.example/"), meaning::nothing},
    {event("TEMPLATESENDJOBFINISH"), meaning::receipt},
    {event("subscribe_msg_sent_event"), meaning::receipt},
    {event("subscribe_msg_popup_event"), meaning::consent},
    {event("subscribe_msg_change_event"), meaning::consent},
    {text("查一下进度"), meaning::progress},
    {text("考试什么时候"), meaning::exam},
    {text("我的档案"), meaning::archive},
    {text("考试的事找人工"), meaning::service},
    {text("客服"), meaning::service},
    {text(""), meaning::help},
    {text("login:1"), meaning::help},
  };
  for (const auto& [what, expected] : table)
    EXPECT_EQ(meaning_of(what), expected)
      << what.event << " " << what.event_key << what.content;
}

// Every state of RULES 2.2, with what its applicant does next.
TEST(case_text, has_a_sentence_and_a_step_for_every_state) {
  const std::pair<const char*, std::pair<const char*, const char*>> table[] = {
    {"DRAFT", {"尚未提交", "提交"}},
    {"SUBMITTED", {"待受理", "撤回"}},
    {"WITHDRAWN", {"已撤回", "重新提交"}},
    {"ACCEPTED", {"已受理，正在核查", "结果会通知您"}},
    {"RETURNED", {"需要补充资料", "补充后重新提交"}},
    {"RESUBMITTED", {"已补充资料，正在核查", "结果会通知您"}},
    {"CHECK_PASSED", {"核查合格，待安排考试", "通知您"}},
    {"REJECTED", {"核查不合格", "原因"}},
    {"EXAM_TAKEN", {"已考试，正在评定", "结果会通知您"}},
    {"EXAM_PASSED", {"考试合格，待审定", "结果会通知您"}},
    {"EXAM_FAILED", {"考试不合格", "重新申报"}},
    {"WAIVED", {"视为放弃", "重新申报"}},
    {"PROPOSED", {"拟入库", "结果会通知您"}},
    {"NOT_APPROVED", {"审定不通过", "重新申报"}},
    {"APPOINTED", {"已聘用入库", "聘期"}},
    {"LAPSED", {"已失效", "重新申报"}},
    {"DELETED", {"已删除", "重新填写"}},
    {"SOMETHING_NEW", {"正在办理", "查看详情"}},
  };
  std::set<std::string> different;
  for (const auto& [state, words] : table) {
    auto said = case_text(case_in(state), nullptr, noon);
    auto [first, second] = std::pair{said.substr(0, said.find('\n')),
                                     said.substr(said.find('\n') + 1)};
    EXPECT_TRUE(contains(first, words.first)) << said;
    EXPECT_TRUE(contains(second, words.second)) << said;
    EXPECT_TRUE(first.starts_with("物业服务项目评标专家、绿色物业管理星级评审"
                                  "专家（编号 20260001）："))
      << first;
    EXPECT_TRUE(different.insert(first).second) << said;
  }
}

TEST(case_text, names_the_supplement_deadline_in_beijing_time) {
  auto row = case_in("RETURNED");
  row["deadline_at"] = "2026-12-14T15:59:00Z";
  EXPECT_TRUE(contains(case_text(row, nullptr, noon),
                       "请在 2026-12-14 23:59 前补充并重新提交，逾期失效。"));
}

TEST(case_text, names_the_exam_once_there_is_one) {
  auto row = case_in("CHECK_PASSED");
  EXPECT_TRUE(contains(case_text(row, exam_in("ASSIGNED"), noon),
                       "核查合格，待考试。\n请在 2026-11-24 09:00 至 "
                       "2026-11-25 18:00 参加，逾期视为放弃。"));
}

TEST(exam_text, follows_the_clock) {
  auto at = [](const char* text) { return *domain::instant_of(text); };
  auto assigned = exam_in("ASSIGNED");
  EXPECT_TRUE(
    contains(exam_text(assigned, at("2026-11-24T00:59:59Z")), "：待考试"));
  EXPECT_TRUE(contains(exam_text(assigned, at("2026-11-24T01:00:00Z")),
                       "：可以开始考试。\n请在 2026-11-25 18:00 前开始"));
  EXPECT_TRUE(contains(exam_text(assigned, at("2026-11-25T10:00:00Z")),
                       "：考试时间已结束"));
  EXPECT_TRUE(contains(exam_text(exam_in("RUNNING"), noon),
                       "请在 2026-11-24 11:30 前交卷"));
  EXPECT_TRUE(contains(exam_text(exam_in("GRADED"), noon), "已交卷"));
  EXPECT_TRUE(contains(exam_text(exam_in("ABSENT"), noon), "未在规定时间内"));
}

TEST(expert_text, tells_pool_standing_and_term) {
  json row = {{"pool", "GREEN"},
              {"state", "ACTIVE"},
              {"term_start", "2026-01-01"},
              {"term_end", "2028-12-31"}};
  EXPECT_EQ(expert_text(row),
            "绿色物业管理星级评审专家：在聘，聘期 2026-01-01 至 2028-12-31。");
  for (auto [state, word] : {std::pair{"SUSPENDED", "暂停"},
                             {"EXPIRED", "聘期届满"},
                             {"DISMISSED", "已解聘"}}) {
    row["state"] = state;
    EXPECT_TRUE(contains(expert_text(row), word));
  }
}

TEST(answers, tell_the_newest_three_and_fit_a_message) {
  person_rows rows;
  for (int i = 0; i < 5; ++i) {
    auto row = case_in("CHECK_PASSED");
    row["number"] = "2026000" + std::to_string(i);
    rows.cases.push_back(row);
  }
  rows.exams.push_back(exam_in("ASSIGNED"));
  auto said = progress_answer(rows, noon);
  EXPECT_TRUE(contains(said, "20260002"));
  EXPECT_FALSE(contains(said, "20260003"));
  EXPECT_LT(said.size(), 1500u);
}

TEST(answers, say_so_when_there_is_nothing) {
  person_rows none;
  EXPECT_TRUE(contains(progress_answer(none, noon), "还没有提交申请"));
  EXPECT_TRUE(contains(exam_answer(none, noon), "没有考试安排"));
  EXPECT_TRUE(contains(archive_answer(none), "没有专家档案"));
  person_rows drafted;
  drafted.drafts.push_back({{"id", "d"}});
  EXPECT_TRUE(contains(progress_answer(drafted, noon), "草稿"));
}

TEST(scan, first_come_is_bound) {
  persistence::login_ticket ticket;
  ticket.expires_at = noon + std::chrono::seconds{1};
  ticket.openid = "me";
  ticket.state = "SCANNED";
  EXPECT_EQ(outcome_of_scan(&ticket, "me", noon), scan_outcome::bound);
  EXPECT_EQ(outcome_of_scan(&ticket, "other", noon), scan_outcome::taken);
  EXPECT_EQ(outcome_of_scan(&ticket, "me", ticket.expires_at),
            scan_outcome::over);
  for (auto state : {"CONFIRMED", "USED", "REFUSED"}) {
    ticket.state = state;
    EXPECT_EQ(outcome_of_scan(&ticket, "me", noon), scan_outcome::over);
  }
  EXPECT_EQ(outcome_of_scan(nullptr, "me", noon), scan_outcome::over);
}

TEST(scan, only_the_bound_one_gets_the_link) {
  EXPECT_TRUE(contains(scan_text(scan_outcome::bound, "some-id", "https://z"),
                       "/wechat/enter?to=%2Fh5%2Flogin-confirm%2Fsome-id"));
  for (auto came :
       {scan_outcome::taken, scan_outcome::over, scan_outcome::unidentified})
    EXPECT_FALSE(
      contains(scan_text(came, "some-id", "https://z"), "login-confirm"));
}

TEST(timer, calls_back_in_order) {
  std::atomic<int> first{0};
  std::atomic<int> second{0};
  timer clock;
  clock.after(std::chrono::milliseconds{20}, [&] { second = first + 1; });
  clock.after(std::chrono::milliseconds{0}, [&] { first = 1; });
  EXPECT_TRUE(eventually([&] { return second == 2; }));
}

TEST(timer, may_end_inside_its_own_call) {
  auto clock = std::make_shared<timer>();
  std::weak_ptr<timer> watched = clock;
  std::promise<void> released;
  clock->after(
    std::chrono::milliseconds{0},
    [clock, until = released.get_future().share()] { until.wait(); });
  clock.reset();
  released.set_value();
  EXPECT_TRUE(eventually([&] { return watched.expired(); }));
}

TEST(timer, drops_what_is_not_due_at_its_end) {
  auto kept = std::make_shared<int>(0);
  {
    timer clock;
    clock.after(std::chrono::hours{1}, [kept] { ++*kept; });
    EXPECT_EQ(kept.use_count(), 2);
  }
  EXPECT_EQ(*kept, 0);
  EXPECT_EQ(kept.use_count(), 1);
}
