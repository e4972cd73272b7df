#include "http/chat_text.hpp"

#include "base/encoding.hpp"

namespace zhiku::http {

std::string chat_link(const std::string& base_url, std::string_view target,
                      std::string_view label) {
  return "<a href=\"" + base_url + "/wechat/enter?to=" + percent_encode(target)
         + "\">" + std::string{label} + "</a>";
}

std::string welcome_text(const std::string& base_url) {
  return "欢迎关注物业服务专家库。您可以在这里申报专家资格、参加入库考试、"
         "查看办理进度。\n"
         + chat_link(base_url, "/h5/", "进入物业服务")
         + "\n\n发送“帮助”可以查看使用说明。";
}

std::string help_text(const std::string& base_url) {
  return "您可以发送：\n进度：查看申请办到哪一步\n考试：查看考试安排\n"
         "档案：查看专家档案\n人工：联系工作人员\n\n"
         + chat_link(base_url, "/h5/", "进入物业服务");
}

std::string identify_text(const std::string& base_url) {
  return "您还没有完成身份认证，认证后才能查看。\n"
         + chat_link(base_url, "/h5/identify", "去认证");
}

scan_outcome outcome_of_scan(const persistence::login_ticket* ticket,
                             std::string_view openid, domain::instant now) {
  if (ticket == nullptr || ticket->expires_at <= now)
    return scan_outcome::over;
  if (!ticket->openid.empty() && ticket->openid != openid)
    return scan_outcome::taken;
  return ticket->state == "SCANNED" ? scan_outcome::bound : scan_outcome::over;
}

std::string scan_text(scan_outcome came, std::string_view ticket_id,
                      const std::string& base_url) {
  switch (came) {
  case scan_outcome::bound:
    return "您正在登录网页端。只有您本人正在电脑上登录时，才点击下方链接"
           "确认；二维码是别人发来的，请不要确认。\n"
           + chat_link(base_url, "/h5/login-confirm/" + std::string{ticket_id},
                       "查看并确认登录");
  case scan_outcome::taken:
    return "此二维码已被他人扫描。请刷新电脑上的二维码后重新扫描。";
  case scan_outcome::unidentified:
    return "您还没有完成身份认证，暂不能登录网页端。认证后请重新扫描。\n"
           + chat_link(base_url, "/h5/identify", "去认证");
  case scan_outcome::over:
    break;
  }
  return "此二维码已失效。请刷新电脑上的二维码后重新扫描。";
}

} // namespace zhiku::http
