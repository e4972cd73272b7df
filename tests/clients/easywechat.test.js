'use strict';
// node-easywechat (Hpyer): stable_token, its client for any API, its callback
// server with message encryption, and its JS-SDK.

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, test } = require('node:test');

const { CacheInterface, OfficialAccount, ServerRequest } =
  require('node-easywechat');

const { redirectTo } = require('./redirect');
const { account, start } = require('./sandbox');

let sandbox;
let callback;
let app;
let openid;
const received = [];

/** In place of the client's own cache, which leaves files behind. */
class Memory extends CacheInterface {
  kept = new Map();

  async get(key) {
    return this.kept.get(key) ?? null;
  }

  async has(key) {
    return this.kept.has(key);
  }

  async set(key, value) {
    this.kept.set(key, value);
    return true;
  }

  async delete(key) {
    return this.kept.delete(key);
  }
}

const client = more =>
  new OfficialAccount({ ...settings(), ...more }).setCache(new Memory());

/** A callback server that answers texts with an echo. */
async function serveCallback() {
  const server = http.createServer(async (request, response) => {
    const own = client();
    own.setRequest(await ServerRequest.createFromIncomingMessage(request));
    const gate = own.getServer();
    gate.with(async (message, next) => {
      received.push(message);
      return message.get('MsgType') === 'text'
        ? '回声：' + message.get('Content')
        : next(message);
    });
    const answer = await gate.serve();
    response.writeHead(answer.getStatusCode(), answer.getHeaders());
    response.end(answer.getBody());
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return server;
}

function settings() {
  return {
    app_id: account.appId,
    secret: account.secret,
    token: account.token,
    aes_key: account.aesKey,
    use_stable_access_token: true,
    http: { throw: false },
  };
}

async function until(condition) {
  const deadline = Date.now() + 10000;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, 'in time');
    await new Promise(done => setTimeout(done, 10));
  }
}

before(async () => {
  callback = await serveCallback();
  sandbox = await start([
    '--mode', 'safe', '--encoding-aes-key', account.aesKey,
    '--callback', `http://127.0.0.1:${callback.address().port}/wechat`,
  ]);
  redirectTo(sandbox.port);
  app = client();
  openid = (await sandbox.follower('王五')).openid;
});

after(async () => {
  await sandbox.stop();
  callback.close();
});

const ask = async (path, query = {}) =>
  (await app.getClient().get(path, { params: query })).toObject();

const tell = async (path, body) =>
  (await app.getClient().postJson(path, body)).toObject();

// -- pushes, encrypted --------------------------------------------------------

test('pushes are opened and answered in safe mode', async () => {
  await sandbox.control('POST', `/followers/${openid}/text`,
    { content: '你好' });
  await until(async () => (await sandbox.chat(openid)).length === 1);
  assert.equal((await sandbox.chat(openid))[0].text, '回声：你好');
  assert.equal(received[0].get('Event'), 'subscribe');
  assert.equal(received[0].get('FromUserName'), openid);
  assert.equal(received[1].get('Content'), '你好');
});

// -- token --------------------------------------------------------------------

test('the stable token stays the same until forced', async () => {
  const desk = app.getAccessToken();
  const first = await desk.getStableAccessToken();
  assert.equal(await desk.getStableAccessToken(), first);
  assert.notEqual(await desk.getStableAccessToken(true), first);
  const { tokens_made } = await sandbox.calls();
  assert.equal(tokens_made.forced, 1);
});

test('a wrong secret is refused', async () => {
  const wrong = client({ secret: 'x' });
  await assert.rejects(wrong.getAccessToken().getStableAccessToken(), /40125/);
});

// -- APIs ---------------------------------------------------------------------

test('subscription notices need a consent each', async () => {
  const notice = {
    touser: openid,
    template_id: 'sandbox-notice',
    data: { thing1: { value: '审核' } },
  };
  const path = 'cgi-bin/message/subscribe/bizsend';
  assert.equal((await tell(path, notice)).errcode, 43101);
  await sandbox.control('POST', `/followers/${openid}/consent`,
    { template_id: 'sandbox-notice' });
  assert.equal((await tell(path, notice)).errcode, 0);
  assert.equal((await tell(path, notice)).errcode, 43101);
  await until(() => received.some(
    each => each.get('Event') === 'subscribe_msg_sent_event'));
  const sent = received.find(
    each => each.get('Event') === 'subscribe_msg_sent_event');
  assert.equal(sent.get('SubscribeMsgSentEvent').List.TemplateId,
    'sandbox-notice');
});

test('a template message is sent once for one client_msg_id', async () => {
  const message = {
    touser: openid,
    template_id: 'sandbox-review',
    client_msg_id: 'effect-1',
    data: { phrase2: { value: '已通过' } },
  };
  const path = 'cgi-bin/message/template/send';
  assert.equal((await tell(path, message)).errcode, 0);
  assert.equal((await tell(path, message)).errcode, 0);
  const { messages } = await sandbox.control('GET', '/template-messages');
  assert.equal(messages.length, 1);
  assert.equal(messages[0].client_msg_id, 'effect-1');
  await until(() => received.some(
    each => each.get('Event') === 'TEMPLATESENDJOBFINISH'));
});

test('quotas are told, used up and cleared', async () => {
  await sandbox.control('POST', '/quotas', { api: 'menu_get', daily: 1 });
  assert.equal((await ask('cgi-bin/menu/get')).errcode, 46003);
  assert.equal((await ask('cgi-bin/menu/get')).errcode, 45009);
  const { quota } = await tell('cgi-bin/openapi/quota/get',
    { cgi_path: '/cgi-bin/menu/get' });
  assert.deepEqual(quota, { daily_limit: 1, used: 1, remain: 0 });
  assert.equal((await tell('cgi-bin/clear_quota',
    { appid: account.appId })).errcode, 0);
  assert.equal((await ask('cgi-bin/menu/get')).errcode, 46003);
});

test('a refusal is explained by its rid', async () => {
  const { errmsg } = await ask('cgi-bin/user/info', { openid: 'oNobody' });
  const [, rid] = /rid: (\S+)$/.exec(errmsg);
  const { request } = await tell('cgi-bin/openapi/rid/get', { rid });
  assert.match(request.request_url, /openid=oNobody/);
});

test('methods and bodies are checked', async () => {
  assert.equal((await ask('cgi-bin/menu/create')).errcode, 43002);
  const empty = await app.getClient().post('cgi-bin/menu/create');
  assert.equal(empty.toObject().errcode, 44002);
  assert.equal((await ask('cgi-bin/nothing')).errcode, 40066);
});

test('the callback is checked and addresses are told', async () => {
  assert.ok((await ask('cgi-bin/get_api_domain_ip')).ip_list.length > 0);
  assert.ok((await ask('cgi-bin/getcallbackip')).ip_list.length > 0);
  const checked = await tell('cgi-bin/callback/check',
    { action: 'all', check_operator: 'DEFAULT' });
  assert.equal(checked.ping[0].package_loss, '0%');
});

test('broken answers are not taken for success', async () => {
  await sandbox.fault({ api: 'menu_get', html: true });
  await assert.rejects(async () => {
    const body = await ask('cgi-bin/menu/get');
    assert.equal(typeof body, 'object');
    assert.ok('errcode' in body || 'menu' in body);
  });
  await sandbox.fault({ api: 'menu_get', drop: true });
  await assert.rejects(ask('cgi-bin/menu/get'));
});

// -- OAuth and JS-SDK ---------------------------------------------------------

test('a person is known by code', async () => {
  const oauth = app.getOAuth().scopes(['snsapi_userinfo']);
  const url = 'https://open.weixin.qq.com/connect/oauth2/authorize?appid='
    + account.appId + '&redirect_uri=https%3A%2F%2Fa.example%2F'
    + '&response_type=code&scope=snsapi_userinfo&state=s1';
  const code = await sandbox.codeFor(url, openid);
  const person = await oauth.userFromCode(code);
  assert.equal(person.getId(), openid);
  assert.equal(person.getNickname(), '王五');
});

// PROTOCOL 3: the order of the parameters is checked. This client writes scope
// before response_type.
test('its own authorisation address is in the wrong order', async () => {
  const url = app.getOAuth().withState('s1')
    .redirect('https://a.example/');
  const answer = await sandbox.page(url, openid);
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /次序错误/);
});

test('a page is signed', async () => {
  const config = await app.getUtils()
    .buildJsSdkConfig('https://a.example/', ['chooseImage']);
  assert.match(config.signature, /^[0-9a-f]{40}$/);
});
