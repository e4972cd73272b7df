#include "http/front_door.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "http/client_address.hpp"
#include "http/cookies.hpp"
#include "http/idempotency.hpp"
#include "http/problem.hpp"
#include "http/problem_page.hpp"
#include "http/schema.hpp"
#include "http/security_headers.hpp"

#include <charconv>

namespace zhiku::http {

namespace {

using domain::errc;
using domain::field_error;
using domain::json;
using domain::refusal;

constexpr std::string_view bearer_prefix = "Bearer ";

bool is_read(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

/// The token of a request, from the Authorization header before the cookie.
std::string token_of(const call_ptr& asked, bool secure) {
  auto authorization = asked->asked.header("Authorization");
  if (authorization.starts_with(bearer_prefix)) {
    asked->by_bearer = true;
    return std::string{authorization.substr(bearer_prefix.size())};
  }
  return cookie_of(asked->asked, cookie::session, secure);
}

json typed_parameter(const std::string& text, const json& schema) {
  std::int64_t number = 0;
  const auto* last = text.data() + text.size();
  if (schema.at("type") == "integer") {
    auto [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc{} && end == last)
      return number;
  }
  return text;
}

std::vector<field_error> query_violations(const call& asked) {
  std::vector<field_error> found;
  if (asked.matched.query_is_foreign)
    return found;
  for (const auto& field : asked.matched.query) {
    auto given = asked.asked.parameter(field.name);
    if (given.repeated)
      found.push_back({field.name, "repeated", "参数重复"});
    else if (!given.value && field.required)
      found.push_back({field.name, "required", "缺少参数"});
    if (given.repeated || !given.value)
      continue;
    auto value = typed_parameter(std::string{*given.value}, field.schema);
    for (auto& wrong : schema::violations(value, field.schema))
      found.push_back({field.name, wrong.code, wrong.message});
  }
  return found;
}

// A form of another site can send neither this type nor our CSRF header.
bool is_json_request(const request& asked) {
  auto type = asked.header("Content-Type");
  return equal_ignoring_case(type.substr(0, type.find(';')),
                             "application/json");
}

std::optional<refusal> read_body(call& asked) {
  if (asked.matched.body.is_null() || asked.matched.body_is_foreign)
    return std::nullopt;
  auto malformed = [](std::string_view message) {
    return domain::refusal{
      errc::invalid_input, {}, {{"", "malformed", std::string{message}}}};
  };
  if (!is_json_request(asked.asked))
    return malformed("Content-Type 须为 application/json");
  auto body = schema::parse(asked.asked.body);
  if (!body)
    return malformed("正文不是有效的 JSON");
  auto wrong = schema::violations(*body, asked.matched.body);
  if (!wrong.empty())
    return refusal{errc::invalid_input, {}, std::move(wrong)};
  asked.body = std::move(*body);
  return std::nullopt;
}

/// For whom a key is known. Where visitors may ask, the login itself, under
/// whatever token: what is asked there changes who they are, and a repeat must
/// find its first answer.
std::string owner_of(const call& asked) {
  const auto& login = *asked.login;
  if (asked.matched.who.who == access::level::guest)
    return login.lineage;
  if (!login.applicant_id.empty())
    return login.applicant_id;
  return login.staff_id.empty() ? login.lineage : login.staff_id;
}

std::optional<refusal> read_command_id(call& asked) {
  if (!asked.login || is_read(asked.asked.method))
    return std::nullopt;
  auto owner = owner_of(asked);
  auto id = command_id_of(asked.asked.header("Idempotency-Key"), owner);
  if (!id)
    return id.error();
  if (id->empty())
    return std::nullopt;
  auto path = asked.asked.target.substr(0, asked.asked.target.find('?'));
  asked.digest =
    request_digest(owner, asked.asked.method + " " + path, asked.body);
  asked.command_id = std::move(*id);
  return std::nullopt;
}

std::optional<refusal> prepare(call& asked) {
  auto wrong = query_violations(asked);
  if (!wrong.empty())
    return refusal{errc::invalid_input, {}, std::move(wrong)};
  if (auto refused = read_body(asked))
    return refused;
  return read_command_id(asked);
}

/// Lets `origin` show the answer in a frame, and nobody else.
void let_frame(response& answer, const std::string& origin) {
  constexpr std::string_view nobody = "frame-ancestors 'none'";
  std::erase_if(answer.headers, [](const auto& header) {
    return equal_ignoring_case(header.first, "X-Frame-Options");
  });
  for (auto& [name, value] : answer.headers)
    if (equal_ignoring_case(name, "Content-Security-Policy"))
      if (auto at = value.find(nobody); at != std::string::npos)
        value.replace(at, nobody.size(), "frame-ancestors " + origin);
}

/// Whether the request may see what only those who run the site should.
bool is_internal(const request& asked, const std::string& token, bool open) {
  if (token.empty())
    return open;
  auto authorization = asked.header("Authorization");
  return authorization.starts_with(bearer_prefix)
         && constant_time_equal(authorization.substr(bearer_prefix.size()),
                                token);
}

/// A page leads those without a login to one; an operation only says so.
void ask_for_login(const call& asked, errc why) {
  if (!asked.matched.is_page)
    return asked.refuse(why);
  response answer{302, {}, {}};
  answer.set_header("Location",
                    "/wechat/enter?to=" + percent_encode(asked.asked.target));
  asked.answer(std::move(answer));
}

/// No such path, or no such method there.
response nothing_there(const request& asked, const routed& way) {
  if (way.allow.empty())
    return problem({errc::not_found, {}, {}}, asked.id);
  auto answer = problem({errc::method_not_allowed, {}, {}}, asked.id);
  answer.set_header("Allow", way.allow);
  return answer;
}

} // namespace

errc check_csrf(const call& asked) {
  if (is_read(asked.asked.method) || asked.by_bearer || !asked.login)
    return errc::none;
  auto shown = token_hash(asked.asked.header("X-CSRF-Token"));
  if (constant_time_equal(shown, asked.login->csrf_hash))
    return errc::none;
  return constant_time_equal(shown, asked.login->former_csrf_hash)
           ? errc::identity_changed
           : errc::csrf_failed;
}

front_door::front_door(route_table routes, session_store& sessions,
                       const api_settings& settings,
                       std::shared_ptr<prometheus::Registry> registry)
    : router_(std::move(routes)), sessions_(sessions),
      secure_(settings.secure_cookies),
      trusted_proxies_(settings.trusted_proxies),
      internal_token_(settings.internal_token),
      internal_is_open_(settings.internal_is_open),
      framed_by_(settings.framed_by),
      metrics_(std::move(registry), router_.routes()) {
  // nop
}

void front_door::handle(request asked, responder out) {
  auto from = clock::now();
  asked.remote_address = client_address(asked, trusted_proxies_);
  auto way = router_.find(asked.method, asked.target);
  request outline;
  outline.id = asked.id;
  outline.method = asked.method;
  auto visit = is_visit(asked);
  auto send = [this, outline, visit, route = way.found, from,
               out](response answer) {
    if (visit)
      show_problem(answer);
    finish(outline, route, from, std::move(answer), out);
  };
  auto internal = is_internal(asked, internal_token_, internal_is_open_);
  if (way.found == nullptr
      || (way.found->who.who == access::level::internal && !internal))
    return send(nothing_there(asked, way));
  asked.path_params = std::move(way.path_params);
  auto entered = std::make_shared<call>(std::move(asked), *way.found, send);
  entered->internal = internal;
  authenticate(entered);
}

void front_door::authenticate(const call_ptr& asked) {
  if (!asked->matched.who.needs_login())
    return run(asked);
  auto token = token_of(asked, secure_);
  if (token.empty())
    return ask_for_login(*asked, errc::not_authenticated);
  auto may_be_repeat = asked->matched.renews_session
                       && !asked->asked.header("Idempotency-Key").empty();
  asked->token = token;
  sessions_.find(
    token,
    [this, asked](domain::result<session> found) {
      if (!found) {
        auto why = found.error();
        return status_of(why.code) == 401 ? ask_for_login(*asked, why.code)
                                          : asked->refuse(why);
      }
      asked->login = std::move(*found);
      authorise(asked);
    },
    may_be_repeat ? replaced::admitted : replaced::refused);
}

void front_door::authorise(const call_ptr& asked) {
  if (auto code = asked->matched.who.admit(asked->login); code != errc::none)
    return asked->refuse(code);
  if (auto code = check_csrf(*asked); code != errc::none)
    return asked->refuse(code);
  run(asked);
}

void front_door::run(const call_ptr& asked) {
  try {
    if (auto refused = prepare(*asked))
      return asked->refuse(*refused);
    if (!enter(*asked))
      return asked->refuse(errc::idempotency_in_progress);
    asked->matched.handle(asked);
  } catch (const std::exception& fault) {
    log::error("handler throws", {{"operation", asked->matched.id},
                                  {"request", asked->asked.id},
                                  {"error", fault.what()}});
    asked->refuse(errc::internal);
  }
}

bool front_door::enter(call& asked) {
  const auto& id = asked.command_id;
  if (id.empty())
    return true;
  if (!in_progress_.enter(id))
    return false;
  asked.before_answer = [this, id] { in_progress_.leave(id); };
  return true;
}

void front_door::finish(const request& asked, const route* matched,
                        clock::time_point from, response answer,
                        const responder& out) {
  auto took = clock::now() - from;
  add_security_headers(answer, secure_);
  if (!framed_by_.empty())
    let_frame(answer, framed_by_);
  auto status = answer.status;
  out.complete(std::move(answer));
  metrics_.count(matched ? matched->id : std::string{}, status, took);
  log::info("front door answers request",
            {{"request", asked.id},
             {"method", asked.method},
             {"route", matched ? matched->pattern : std::string{}},
             {"status", status},
             {"ms", std::chrono::duration<double, std::milli>(took).count()}});
}

} // namespace zhiku::http
