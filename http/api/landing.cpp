// The pages people land on before the real ones are there.

#include "http/api/routes.hpp"
#include "http/pages.hpp"

namespace zhiku::http {

namespace {

route landing(std::string pattern, std::string id, std::string title,
              std::string main_html) {
  auto show = [title, main_html](const call_ptr& asked) {
    asked->answer(page(200, title, main_html));
  };
  return {"GET", std::move(pattern), std::move(id), title, anyone(), show};
}

route root_file(const std::string& name, const std::string& content) {
  auto show = [content](const call_ptr& asked) {
    asked->answer(response::text(200, content));
  };
  return {"GET",          "/" + name, "rootFile " + name,
          "域名验证文件", anyone(),   show};
}

} // namespace

route_table page_routes(services& s) {
  const std::string welcome =
    "<p>物业服务项目评标专家与绿色物业管理星级评审专家的申报、考试与档案。</p>";
  route_table all{
    landing("/", "home", "物业服务专家库",
            welcome
              + "<p><a href=\"/h5/\">手机端</a> · "
                "<a href=\"/login\">电脑端登录</a></p>"),
    landing("/h5/{path...}", "mobilePages", "物业服务",
            welcome
              + "<p>此页面尚未开放。请在公众号中回复“进度”“考试”或“档案”，"
                "查看您的办理情况。</p>"),
  };
  for (const auto& [name, content] : s.with.settings.root_files)
    all.push_back(root_file(name, content));
  return all;
}

} // namespace zhiku::http
