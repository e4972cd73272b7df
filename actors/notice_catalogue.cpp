#include "actors/notice_catalogue.hpp"

#include "wechat/template_rules.hpp"

namespace zhiku::actors {

using domain::json;

namespace {

std::string text_of(const json& payload, const char* key) {
  auto found = payload.find(key);
  return found != payload.end() && found->is_string()
           ? found->get<std::string>()
           : std::string{};
}

// The first of the keys that the payload has.
std::string first_of(const json& payload,
                     std::initializer_list<const char*> keys) {
  for (const auto* key : keys)
    if (auto text = text_of(payload, key); !text.empty())
      return text;
  return {};
}

} // namespace

const std::vector<notice_kind>& all_notices() {
  static const std::vector<notice_kind> kinds{
    {"CASE_SUBMITTED", "专家资格申报已提交", "待受理", true, false,
     "/h5/applications"},
    {"CASE_ACCEPTED", "专家资格申报已受理", "已受理", true, false,
     "/h5/applications"},
    {"CASE_RETURNED", "申报材料需要补充", "待补充", true, true,
     "/h5/applications"},
    {"CASE_PASSED", "申报资料核查合格", "核查合格", true, false, "/h5/exams"},
    {"EXAM_NOTICE", "请按时参加入库考试", "待考试", true, true, "/h5/exams"},
    {"CASE_REJECTED", "申报资料核查不合格", "不合格", true, true,
     "/h5/applications"},
    {"CASE_LAPSED", "逾期未补充资料", "已失效", true, true, "/h5/applications"},
    {"EXAM_SCORE", "入库考试成绩已出", "已出成绩", true, false, "/h5/exams"},
    {"EXAM_FAILED", "入库考试结果已出", "未合格", true, true, "/h5/exams"},
    {"EXAM_WAIVED", "未按时参加入库考试", "视为放弃", true, true, "/h5/exams"},
    {"APPOINTED", "您已聘用入库", "已入库", true, true, "/h5/archive"},
    {"NOT_APPROVED", "入库审定结果已出", "未通过", true, true,
     "/h5/applications"},
  };
  return kinds;
}

const notice_kind* find_notice(std::string_view event) {
  for (const auto& kind : all_notices())
    if (kind.event == event)
      return &kind;
  return nullptr;
}

std::map<std::string, std::string> template_fields(const notice_kind& kind,
                                                   const json& payload,
                                                   domain::instant at) {
  auto number = first_of(payload, {"number", "exam_session_id"}).substr(0, 32);
  auto time =
    first_of(payload, {"window_end_text", "deadline_text", "at_text"});
  std::map<std::string, std::string> fields{
    {"character_string1", number},
    {"thing2", std::string{kind.title}},
    {"phrase3", std::string{kind.phrase}},
    {"time4", time.empty() ? domain::to_beijing(at) : time},
  };
  for (auto& [name, text] : fields)
    text = wechat::fitted_to_field(name, text);
  return fields;
}

std::vector<std::string> sms_params(const notice_kind& kind,
                                    const json& payload) {
  auto time =
    first_of(payload, {"window_end_text", "deadline_text", "at_text"});
  return {std::string{kind.title}, first_of(payload, {"number", "exam_name"}),
          time};
}

} // namespace zhiku::actors
