#include "domain/errc.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::domain {

namespace {

struct entry {
  errc value;
  std::string_view code;
  std::string_view title;
};

constexpr entry entries[] = {
  {errc::none, "NONE", "成功"},
  {errc::invalid_input, "INVALID_INPUT", "填写内容有误，请检查后重新提交"},
  {errc::not_found, "NOT_FOUND", "没有找到您要的内容"},
  {errc::method_not_allowed, "METHOD_NOT_ALLOWED", "此地址不支持这种请求方式"},
  {errc::gone, "GONE", "该内容已被删除"},
  {errc::not_authenticated, "NOT_AUTHENTICATED", "请先登录"},
  {errc::forbidden, "FORBIDDEN", "您没有权限进行此操作"},
  {errc::csrf_failed, "CSRF_FAILED", "页面已过期，请刷新后重试"},
  {errc::channel_not_allowed, "CHANNEL_NOT_ALLOWED",
   "此功能请在物业管理信息平台网页端办理"},
  {errc::function_not_in_pool, "FUNCTION_NOT_IN_POOL",
   "该专家类别不提供此功能"},
  {errc::identity_changed, "IDENTITY_CHANGED", "您已切换身份，请刷新页面"},
  {errc::consent_required, "CONSENT_REQUIRED", "请先阅读并勾选全部声明"},
  {errc::code_too_soon, "CODE_TOO_SOON", "发送过于频繁，请稍后再试"},
  {errc::code_limit, "CODE_LIMIT", "今日验证码次数已用完，请明天再试"},
  {errc::work_required, "WORK_REQUIRED", "请先完成一次安全校验，再获取验证码"},
  {errc::code_wrong, "CODE_WRONG", "验证码不正确，请重新输入"},
  {errc::code_expired, "CODE_EXPIRED", "验证码已失效，请重新获取"},
  {errc::identity_mismatch, "IDENTITY_MISMATCH",
   "信息核对未通过，请核实后重试或联系工作人员"},
  {errc::phone_in_use, "PHONE_IN_USE", "该手机号码无法使用，请更换"},
  {errc::openid_in_use, "OPENID_IN_USE", "该微信已绑定其他用户，请先解绑"},
  {errc::state_conflict, "STATE_CONFLICT",
   "当前状态不能进行此操作，请刷新页面"},
  {errc::already_accepted, "ALREADY_ACCEPTED", "已受理，不能撤回"},
  {errc::already_withdrawn, "ALREADY_WITHDRAWN", "申请人已撤回"},
  {errc::open_case_exists, "OPEN_CASE_EXISTS", "您在该类别已有办理中的申请"},
  {errc::already_expert, "ALREADY_EXPERT", "您已是该类别的在聘专家"},
  {errc::version_stale, "VERSION_STALE", "内容已在别处更新，请刷新后重试"},
  {errc::four_eyes, "FOUR_EYES", "同一人员不能办理此申请的两个环节"},
  {errc::no_exam_plan, "NO_EXAM_PLAN", "没有可安排的考试计划"},
  {errc::exam_not_open, "EXAM_NOT_OPEN", "考试尚未开始"},
  {errc::exam_closed, "EXAM_CLOSED", "考试时间已结束"},
  {errc::attempt_closed, "ATTEMPT_CLOSED", "已交卷，不能再作答"},
  {errc::writer_changed, "WRITER_CHANGED",
   "考试已在另一设备上继续，本页面仅供查看"},
  {errc::score_not_ready, "SCORE_NOT_READY", "成绩尚未公布"},
  {errc::paper_unavailable, "PAPER_UNAVAILABLE",
   "试卷暂时无法生成，请稍后重试或联系工作人员"},
  {errc::not_ready, "NOT_READY", "正在准备，请稍后重试"},
  {errc::busy, "BUSY", "系统繁忙，请稍后重试"},
  {errc::unavailable, "UNAVAILABLE", "服务暂时不可用，请稍后重试"},
  {errc::timeout, "TIMEOUT", "处理超时，请刷新查看结果"},
  {errc::version_conflict, "VERSION_CONFLICT", "内容刚被更新，请重试"},
  {errc::duplicate_command, "DUPLICATE_COMMAND", "该请求已处理"},
  {errc::idempotency_key_reused, "IDEMPOTENCY_KEY_REUSED",
   "该请求标识已用于另一请求，请刷新页面后重新提交"},
  {errc::idempotency_in_progress, "IDEMPOTENCY_IN_PROGRESS",
   "同一请求正在处理，请稍后重试"},
  {errc::too_large, "TOO_LARGE", "提交的内容过大"},
  {errc::rate_limited, "RATE_LIMITED", "请求过于频繁，请稍后再试"},
  {errc::internal, "INTERNAL", "系统出错，请稍后重试"},
};

const entry& entry_of(errc value) {
  auto found = std::find_if(std::begin(entries), std::end(entries),
                            [=](const entry& e) { return e.value == value; });
  return found != std::end(entries) ? *found : *std::prev(std::end(entries));
}

} // namespace

std::string_view code(errc value) {
  return entry_of(value).code;
}

errc errc_of(std::string_view text) {
  auto found = std::find_if(std::begin(entries), std::end(entries),
                            [=](const entry& e) { return e.code == text; });
  return found != std::end(entries) ? found->value : errc::internal;
}

std::string_view title(errc value) {
  return entry_of(value).title;
}

} // namespace zhiku::domain
