#include "http/progress_text.hpp"

#include "domain/fields.hpp"
#include "domain/form.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::http {

namespace {

using domain::instant;
using domain::instant_at;
using domain::json;
using domain::text_at;

constexpr std::size_t most_told = 3;

struct saying {
  std::string_view state;
  std::string_view stands; ///< where it stands
  std::string_view next;   ///< what the person does
};

constexpr saying case_sayings[] = {
  {"DRAFT", "草稿，尚未提交", "请在草稿箱继续填写并提交。"},
  {"SUBMITTED", "待受理", "受理前您可以查看或撤回。"},
  {"WITHDRAWN", "已撤回", "资料在草稿箱中，修改后可以重新提交。"},
  {"ACCEPTED", "已受理，正在核查", "请等待核查结果，结果会通知您。"},
  {"RETURNED", "需要补充资料", "请查看补充要求，补充后重新提交。"},
  {"RESUBMITTED", "已补充资料，正在核查", "请等待核查结果，结果会通知您。"},
  {"CHECK_PASSED", "核查合格，待安排考试", "考试安排确定后会通知您。"},
  {"REJECTED", "核查不合格", "请查看原因；可以重新申报。"},
  {"EXAM_TAKEN", "已考试，正在评定", "请等待成绩，结果会通知您。"},
  {"EXAM_PASSED", "考试合格，待审定", "请等待审定结果，结果会通知您。"},
  {"EXAM_FAILED", "考试不合格，本次申请已结束",
   "您可以查看成绩；可以重新申报。"},
  {"WAIVED", "未按时参加考试，视为放弃，本次申请已结束", "可以重新申报。"},
  {"PROPOSED", "拟入库，待审定", "请等待审定结果，结果会通知您。"},
  {"NOT_APPROVED", "审定不通过，本次申请已结束", "请查看原因；可以重新申报。"},
  {"APPOINTED", "已聘用入库", "请在“我的电子档案”中查看聘期。"},
  {"LAPSED", "逾期未补充资料，已失效", "可以重新申报。"},
  {"DELETED", "已删除", "如需申报，请重新填写。"},
};

constexpr saying expert_sayings[] = {
  {"ACTIVE", "在聘", ""},
  {"SUSPENDED", "暂停", ""},
  {"EXPIRED", "聘期届满", ""},
  {"DISMISSED", "已解聘", ""},
};

template <std::size_t Count>
saying saying_of(const saying (&all)[Count], std::string_view state) {
  auto found =
    std::find_if(std::begin(all), std::end(all),
                 [=](const saying& one) { return one.state == state; });
  return found == std::end(all)
           ? saying{state, "正在办理", "请点击下方链接查看详情。"}
           : *found;
}

std::string two_lines(std::string_view first, std::string_view second) {
  return std::string{first} + "。\n" + std::string{second};
}

std::string beijing(const json& row, std::string_view key) {
  auto at = instant_at(row, key);
  return at ? domain::to_beijing(*at) : std::string{};
}

/// "物业服务项目评标专家（编号 A1）：" in front of what follows.
std::string case_heading(const json& row) {
  return domain::pool_names(domain::texts_at(row, "pools")) + "（编号 "
         + std::string{text_at(row, "number")} + "）：";
}

std::string exam_stands(const json& row, instant now) {
  auto state = text_at(row, "state");
  if (state == "RUNNING")
    return two_lines("考试正在进行", "请在 " + beijing(row, "deadline_at")
                                       + " 前交卷，到时自动交卷。");
  if (state == "GRADED")
    return two_lines("已交卷", "请点击下方链接查看结果。");
  if (state == "ABSENT")
    return two_lines("未在规定时间内参加考试", "本次考试已结束。");
  auto opens = instant_at(row, "window_start");
  auto closes = instant_at(row, "window_end");
  if (closes && *closes <= now)
    return two_lines("考试时间已结束", "结果会通知您。");
  if (opens && now < *opens)
    return two_lines("待考试", "请在 " + beijing(row, "window_start") + " 至 "
                                 + beijing(row, "window_end")
                                 + " 参加，逾期视为放弃。");
  return two_lines("可以开始考试", "请在 " + beijing(row, "window_end")
                                     + " 前开始，逾期视为放弃。");
}

const json& row_with(const json& rows, std::string_view key,
                     std::string_view value) {
  static const json none;
  for (const auto& row : rows)
    if (!value.empty() && text_at(row, key) == value)
      return row;
  return none;
}

template <class Tell>
std::string paragraphs(const json& rows, Tell tell) {
  std::string text;
  auto count = std::min(rows.size(), most_told);
  for (std::size_t i = 0; i < count; ++i)
    text += (i == 0 ? "" : "\n\n") + tell(rows[i]);
  return text;
}

} // namespace

std::string case_text(const json& row, const json& exam, instant now) {
  auto state = text_at(row, "state");
  if (state == "CHECK_PASSED" && exam.is_object())
    return case_heading(row) + "核查合格，" + exam_stands(exam, now);
  auto said = saying_of(case_sayings, state);
  auto deadline = beijing(row, "deadline_at");
  if (state == "RETURNED" && !deadline.empty())
    return case_heading(row)
           + two_lines(said.stands,
                       "请在 " + deadline + " 前补充并重新提交，逾期失效。");
  return case_heading(row) + two_lines(said.stands, said.next);
}

std::string exam_text(const json& row, instant now) {
  return std::string{text_at(row, "plan_name")} + "：" + exam_stands(row, now);
}

std::string expert_text(const json& row) {
  auto said = saying_of(expert_sayings, text_at(row, "state"));
  return std::string{domain::pool_name(text_at(row, "pool"))} + "："
         + std::string{said.stands} + "，聘期 "
         + std::string{text_at(row, "term_start")} + " 至 "
         + std::string{text_at(row, "term_end")} + "。";
}

std::string progress_answer(const person_rows& rows, instant now) {
  if (!rows.cases.empty())
    return paragraphs(rows.cases, [&](const json& row) {
      auto exam_id = text_at(row, "exam_session_id");
      return case_text(row, row_with(rows.exams, "id", exam_id), now);
    });
  if (!rows.drafts.empty())
    return "您的申请还是草稿，尚未提交。\n请在草稿箱继续填写并提交。";
  return "您还没有提交申请。\n需要申报时，请点击下方链接填写。";
}

std::string exam_answer(const person_rows& rows, instant now) {
  if (rows.exams.empty())
    return "您目前没有考试安排。\n核查合格并安排考试后会通知您。";
  return paragraphs(rows.exams,
                    [&](const json& row) { return exam_text(row, now); });
}

std::string archive_answer(const person_rows& rows) {
  if (rows.experts.empty())
    return "您目前没有专家档案。\n聘用入库后可以在这里查看。";
  return paragraphs(rows.experts,
                    [](const json& row) { return expert_text(row); });
}

} // namespace zhiku::http
