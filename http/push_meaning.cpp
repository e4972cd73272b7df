#include "http/push_meaning.hpp"

#include "wechat/push_kind.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::http {

namespace {

struct word {
  std::string_view text;
  meaning what;
};

// The first that occurs counts, so "考试人工服务" reaches a person.
constexpr word keywords[] = {
  {"人工", meaning::service},  {"客服", meaning::service},
  {"进度", meaning::progress}, {"申请", meaning::progress},
  {"考试", meaning::exam},     {"成绩", meaning::exam},
  {"档案", meaning::archive},  {"帮助", meaning::help},
};

constexpr word menu_keys[] = {
  {"PROGRESS", meaning::progress}, {"EXAM", meaning::exam},
  {"ARCHIVE", meaning::archive},   {"SERVICE", meaning::service},
  {"HELP", meaning::help},
};

meaning of_text(std::string_view content) {
  auto found = std::find_if(
    std::begin(keywords), std::end(keywords), [=](const word& one) {
      return content.find(one.text) != std::string_view::npos;
    });
  return found == std::end(keywords) ? meaning::help : found->what;
}

meaning of_menu_key(std::string_view key) {
  auto found = std::find_if(std::begin(menu_keys), std::end(menu_keys),
                            [=](const word& one) { return one.text == key; });
  return found == std::end(menu_keys) ? meaning::help : found->what;
}

} // namespace

meaning meaning_of(const wechat::push& what) {
  using wechat::push_kind;
  if (what.scene().starts_with(login_scene_prefix))
    return meaning::scan;
  switch (wechat::kind_of(what)) {
  case push_kind::text:
    return of_text(what.content);
  case push_kind::click:
    return of_menu_key(what.event_key);
  case push_kind::subscribe:
    return meaning::follow;
  case push_kind::unsubscribe:
    return meaning::unfollow;
  case push_kind::template_report:
  case push_kind::subscription_receipt:
    return meaning::receipt;
  case push_kind::subscription_answer:
  case push_kind::subscription_change:
    return meaning::consent;
  case push_kind::authorization_revoked:
    return meaning::revoked;
  case push_kind::account_closed:
    return meaning::closed;
  default:
    return meaning::nothing;
  }
}

bool is_question(meaning what) {
  switch (what) {
  case meaning::progress:
  case meaning::exam:
  case meaning::archive:
    return true;
  default:
    return false;
  }
}

} // namespace zhiku::http
