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

} // namespace

route_table page_routes(services&) {
  const std::string welcome =
    "<p>物业服务项目评标专家与绿色物业管理星级评审专家的申报、考试与档案。</p>";
  return {
    landing("/", "home", "物业服务专家库",
            welcome
              + "<p><a href=\"/h5/\">手机端</a> · <a "
                "href=\"/docs\">接口说明</a></p>"),
    landing("/h5/{path...}", "mobilePages", "物业服务",
            welcome + "<p>您已进入服务页面。</p>"),
  };
}

} // namespace zhiku::http
