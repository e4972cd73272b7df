#include "http/login_pages.hpp"

#include "base/encoding.hpp"
#include "http/pages.hpp"

namespace zhiku::http {

namespace {

constexpr std::string_view login_script = R"js((() => {
"use strict";
const $ = id => document.getElementById(id);
const to = $("login").dataset.to;
const sleep = ms => new Promise(done => setTimeout(done, ms));

async function ask(method, path, body) {
  try {
    const answer = await fetch(path, {
      method, headers: {"Content-Type": "application/json"},
      body: body && JSON.stringify(body), credentials: "same-origin"});
    const json = await answer.json().catch(() => ({}));
    return {ok: answer.ok, status: answer.status, json};
  } catch (e) {
    return {ok: false, status: 0, json: {}};
  }
}

function reason(answer) {
  const wrong = (answer.json.fields || [])[0];
  return (wrong && wrong.message) || answer.json.detail || answer.json.title
    || "网络不通，请稍后重试";
}

// The QR code: renewed by itself for a while, then on request.
const renewals = 4;
let round = 0, left = renewals, ends = 0;

function say(text, offerAgain) {
  $("told").textContent = text;
  $("again").hidden = !offerAgain;
  $("code").classList.toggle("dim", offerAgain);
}

async function renew() {
  const mine = ++round;
  say("正在生成二维码…", false);
  const made = await ask("POST", "/api/v1/login/tickets", {to});
  if (mine !== round) return;
  if (!made.ok) {
    $("code").hidden = true;
    return say(reason(made), true);
  }
  $("code").src = made.json.qr_svg;
  $("code").hidden = false;
  ends = performance.now() + made.json.remaining_ms;
  let seen = "WAITING";
  for (;;) {
    const seconds = Math.ceil((ends - performance.now()) / 1000);
    if (seconds <= 0) return expire();
    say(seen === "SCANNED" ? "已扫描，请在手机上确认登录"
      : "请用微信扫描二维码，" + seconds + " 秒内有效", false);
    $("code").classList.toggle("dim", seen === "SCANNED");
    await sleep(1000);
    if (seconds % 2 && mine === round) {
      const now = await ask("GET", "/api/v1/login/tickets/" + made.json.id);
      if (mine !== round) return;
      if (now.ok) seen = now.json.state;
      if (now.status === 404 || seen === "EXPIRED") return expire();
      if (seen === "REFUSED") return say("手机上已拒绝本次登录", true);
      if (seen === "CONFIRMED") {
        say("登录成功，正在进入…", false);
        return location.replace(now.json.to);
      }
    }
    if (mine !== round) return;
  }
}

function expire() {
  if (left-- > 0 && !document.hidden) return renew();
  say("二维码已失效", true);
}

$("again").onclick = () => { left = renewals; renew(); };

// The SMS code.
function note(text) { $("note").textContent = text; }

// After several codes in a short time the server asks for a little work, which
// costs a person a moment and a machine that asks for thousands a lot.
const hex = bytes => [...new Uint8Array(bytes)]
  .map(one => one.toString(16).padStart(2, "0")).join("");

async function work(mobile) {
  const set = await ask("POST", "/api/v1/sms-codes/challenges", {mobile});
  if (!set.ok) return null;
  const {algorithm, challenge, salt, signature, maxnumber} = set.json;
  const text = new TextEncoder(), step = 500;
  for (let first = 0; first <= maxnumber; first += step) {
    note("正在进行安全校验，请稍候…" +
      Math.floor(100 * first / (maxnumber + 1)) + "%");
    const tried = await Promise.all(Array.from({length: step}, (_, i) =>
      crypto.subtle.digest("SHA-256", text.encode(salt + (first + i)))));
    const found = tried.findIndex(one => hex(one) === challenge);
    if (found >= 0) return btoa(JSON.stringify(
      {algorithm, challenge, number: first + found, salt, signature}));
  }
  return null;
}

async function requestCode(mobile) {
  const sent = await ask("POST", "/api/v1/sms-codes",
    {mobile, purpose: "LOGIN"});
  if (sent.json.code !== "WORK_REQUIRED") return sent;
  const proof = await work(mobile);
  return proof ? ask("POST", "/api/v1/sms-codes",
    {mobile, purpose: "LOGIN", proof}) : sent;
}

$("send").onclick = async () => {
  const button = $("send");
  if (!$("mobile").reportValidity()) return;
  button.disabled = true;
  note("正在发送…");
  const sent = await requestCode($("mobile").value);
  note(sent.ok ? "验证码已发送，请查看短信" : reason(sent));
  for (let i = sent.ok ? 60 : 3; i > 0; --i) {
    if (sent.ok) button.textContent = i + " 秒后重发";
    await sleep(1000);
  }
  button.textContent = "获取验证码";
  button.disabled = false;
};

$("sms").onsubmit = async event => {
  event.preventDefault();
  $("enter").disabled = true;
  const login = await ask("POST", "/api/v1/login/sms",
    {mobile: $("mobile").value, sms_code: $("typed").value});
  if (login.ok) return location.replace(to);
  note(reason(login));
  $("enter").disabled = false;
};

renew();
})();)js";

constexpr std::string_view login_main = R"html(<section>
<h2>微信扫码登录</h2>
<p class="qr"><img id="code" alt="登录二维码" hidden></p>
<p id="told" role="status"></p>
<p><button id="again" hidden>刷新二维码</button></p>
<p><em>扫码前请先关注公众号并完成身份认证。</em></p>
</section>
<section>
<h2>短信验证码登录</h2>
<form id="sms" autocomplete="on">
<label for="mobile">手机号码</label>
<input id="mobile" type="tel" inputmode="numeric" autocomplete="tel" maxlength="40" required>
<label for="typed">验证码</label>
<p class="row"><input id="typed" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required>
<button id="send" type="button">获取验证码</button></p>
<p id="note" role="status"></p>
<button id="enter" class="main">登录</button>
</form>
</section>)html";

constexpr std::string_view confirmation_script = R"js((() => {
"use strict";
const box = document.getElementById("confirm");
const csrf = (document.cookie.match(/(?:^|; )(?:__Host-)?zhiku_csrf=([^;]*)/) || [])[1];

async function decide(what, told) {
  for (const button of box.querySelectorAll("button")) button.disabled = true;
  let text = "网络不通，请稍后重试";
  try {
    const answer = await fetch(
      "/api/v1/login/tickets/" + box.dataset.ticket + "/" + what,
      {method: "POST", headers: {"X-CSRF-Token": csrf || ""},
       credentials: "same-origin"});
    const json = await answer.json().catch(() => ({}));
    if (answer.ok) {
      box.replaceChildren();
      text = told;
    } else {
      text = json.detail || json.title || text;
    }
  } catch (e) {
    for (const button of box.querySelectorAll("button"))
      button.disabled = false;
  }
  document.getElementById("told").textContent = text;
}

document.getElementById("yes").onclick = () =>
  decide("confirm", "已确认，请在电脑上继续操作。本页可以关闭。");
document.getElementById("no").onclick = () =>
  decide("refuse", "已拒绝，对方不能登录。请不要扫描他人发来的二维码。");
})();)js";

std::string fact(std::string_view name, std::string_view value) {
  return "<dt>" + std::string{name} + "</dt><dd>" + html_escape(value)
         + "</dd>";
}

} // namespace

response login_page(const std::string& target, bool website_app) {
  auto other = "<p><a href=\"/login/wechat?to=" + percent_encode(target)
               + "\">使用微信开放平台扫码登录</a></p>";
  auto main = "<div id=\"login\" class=\"columns\" data-to=\""
              + html_escape(target) + "\">" + std::string{login_main} + "</div>"
              + (website_app ? other : "");
  return page_with_script(200, "登录物业管理信息平台", main, login_script);
}

response confirmation_page(const persistence::login_ticket& ticket) {
  auto main =
    "<div id=\"confirm\" data-ticket=\"" + html_escape(ticket.id)
    + "\"><p>有一台设备请求以您的身份登录物业管理信息平台：</p><dl>"
    + fact("设备", ticket.device) + fact("网络", ticket.network)
    + fact("时间", domain::to_beijing(ticket.created_at))
    + "</dl><p class=\"warning\">请确认是您本人正在操作这台设备。二维码如果是"
      "别人发给您的，或者您并没有在电脑上登录，请选择“这不是我”。工作人员"
      "不会请您扫码。</p><p><button id=\"yes\" class=\"main\">确认登录</button>"
      "</p><p><button id=\"no\">这不是我</button></p></div>"
      "<p id=\"told\" role=\"status\"></p>";
  return page_with_script(200, "确认登录", main, confirmation_script);
}

response no_confirmation_page(int status) {
  return page(status, "没有需要确认的登录",
              "<p>此登录请求已处理或已失效。需要登录时，请刷新电脑上的二维码，"
              "再用微信扫描。</p>");
}

} // namespace zhiku::http
