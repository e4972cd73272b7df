'use strict';
// co-wechat-api and co-wechat-oauth (Jackson Tian).

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');

const API = require('co-wechat-api');
const OAuth = require('co-wechat-oauth');

const { redirectTo } = require('./redirect');
const { account, start } = require('./sandbox');

let sandbox;
let api;
let openid;

before(async () => {
  sandbox = await start();
  redirectTo(sandbox.port);
  api = new API(account.appId, account.secret);
  openid = (await sandbox.follower()).openid;
});

after(() => sandbox.stop());

const refusedWith = code => error => {
  assert.equal(error.code, code);
  assert.match(error.message, / rid: [0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/);
  return true;
};

// -- token --------------------------------------------------------------------

test('a wrong application is refused', async () => {
  const wrong = (appId, secret) => new API(appId, secret).getAccessToken();
  await assert.rejects(wrong('wx1', account.secret), refusedWith(40013));
  await assert.rejects(wrong(account.appId, 'x'), refusedWith(40125));
});

test('a token is fetched once and used again', async () => {
  const own = new API(account.appId, account.secret);
  const before = (await sandbox.calls()).calls.token;
  await own.getFollowers();
  await own.getFollowers();
  assert.equal((await sandbox.calls()).calls.token, before + 1);
});

test('a revoked token is replaced and the call repeated', async () => {
  await api.getFollowers();
  await sandbox.control('POST', '/revoke-token');
  const before = await sandbox.calls();
  assert.equal((await api.getFollowers()).total, 1);
  const after = await sandbox.calls();
  assert.equal(after.tokens_made.classic, before.tokens_made.classic + 1);
  assert.equal(after.calls.user_list, before.calls.user_list + 2);
});

test('an address that is not listed is told', async () => {
  await sandbox.control('PUT', '/options', { allow_list: ['192.0.2.1'] });
  await assert.rejects(new API(account.appId, account.secret).getAccessToken(),
    error => {
      assert.equal(error.code, 40164);
      assert.match(error.message, /^invalid ip 127\.0\.0\.1 /);
      return true;
    });
  await sandbox.control('PUT', '/options', { allow_list: [] });
});

// -- users --------------------------------------------------------------------

test('users are listed and described', async () => {
  const { total, data } = await api.getFollowers();
  assert.equal(total, data.openid.length);
  const one = await api.getUser(openid);
  assert.equal(one.subscribe, 1);
  assert.equal(one.nickname, '');
  const { user_info_list } = await api.batchGetUsers([openid]);
  assert.equal(user_info_list[0].openid, openid);
  await assert.rejects(api.getUser('oNobody'), refusedWith(40003));
});

// -- menu ---------------------------------------------------------------------

test('a menu is made, read and deleted', async () => {
  await assert.rejects(api.getMenu(), refusedWith(46003));
  const menu = {
    button: [
      { type: 'view', name: '专家入口', url: 'https://a.example/' },
      { name: '更多', sub_button: [{ type: 'click', name: '帮助', key: 'HELP' }] },
    ],
  };
  assert.equal((await api.createMenu(menu)).errcode, 0);
  const read = await api.getMenu();
  assert.equal(read.menu.button[1].sub_button[0].key, 'HELP');
  const configured = await api.getMenuConfig();
  assert.equal(configured.is_menu_open, 1);
  assert.equal(configured.selfmenu_info.button[1].sub_button.list[0].key, 'HELP');
  await assert.rejects(
    api.createMenu({ button: [{ type: 'click', name: '', key: 'A' }] }),
    refusedWith(40018));
  assert.equal((await api.removeMenu()).errcode, 0);
});

// -- messages -----------------------------------------------------------------

test('a template message is sent', async () => {
  const sent = await api.sendTemplate(openid, 'sandbox-review',
    'https://a.example/', '#173177',
    { thing1: { value: '招标评审专家' }, phrase2: { value: '已通过' } });
  assert.equal(sent.errcode, 0);
  const [line] = await sandbox.chat(openid);
  assert.equal(line.title, 'review');
  // The client parses numbers beyond 2^53 and keeps each digit.
  const { messages } = await sandbox.control('GET', '/template-messages');
  assert.equal(messages.length, 1);
  assert.match(sent.msgid.toString(), /^3\d{18}$/);
});

test('template messages are refused as by the platform', async () => {
  const send = (to, id, data) => api.sendTemplate(to, id, '', '', data);
  const good = { phrase2: { value: '已通过' } };
  await assert.rejects(send('oNobody', 'sandbox-review', good),
    refusedWith(40003));
  await assert.rejects(send(openid, 'unknown', good), refusedWith(40037));
  await assert.rejects(
    send(openid, 'sandbox-review', { phrase2: { value: '审核已经通过' } }),
    error => {
      assert.match(error.message,
        /^argument invalid! data\.phrase2\.value invalid rid: /);
      return refusedWith(47003)(error);
    });
  const stranger = await sandbox.follower('李四');
  await sandbox.control('POST', `/followers/${stranger.openid}/unsubscribe`);
  await assert.rejects(send(stranger.openid, 'sandbox-review', good),
    refusedWith(43004));
  await sandbox.fault({ api: 'template_send', errcode: 45009 });
  await assert.rejects(send(openid, 'sandbox-review', good),
    refusedWith(45009));
});

test('templates are added, listed and deleted', async () => {
  await api.setIndustry({ industry_id1: '1', industry_id2: '2' });
  const { primary_industry } = await api.getIndustry();
  assert.equal(primary_industry.first_class, 'IT科技');
  const { template_id } = await api.addTemplate('TM00015');
  const { template_list } = await api.getAllPrivateTemplate();
  const listed = template_list.find(each => each.template_id === template_id);
  assert.match(listed.content, /\{\{first\.DATA\}\}/);
  assert.equal((await api.delPrivateTemplate(template_id)).errcode, 0);
  await assert.rejects(api.delPrivateTemplate(template_id), refusedWith(40037));
});

test('customer service speaks within 48 hours', async () => {
  assert.equal((await api.sendText(openid, '您好')).errcode, 0);
  await sandbox.advance(48 * 3600);
  await assert.rejects(api.sendText(openid, '您好'), refusedWith(45015));
});

// -- QR codes, tickets, media, addresses --------------------------------------

test('QR codes of all kinds have a picture', async () => {
  for (const made of [
    await api.createTmpQRCode('login:1', 300),
    await api.createTmpQRCode(123, 300),
    await api.createLimitQRCode(7),
    await api.createLimitQRCode('门口'),
  ]) {
    assert.ok(made.ticket && made.url);
    const picture = await sandbox.page(api.showQRCodeURL(made.ticket), openid);
    assert.equal(picture.headers.get('content-type'), 'image/jpeg');
  }
  await assert.rejects(api.createLimitQRCode(100001), refusedWith(40053));
});

test('a page is signed with the ticket', async () => {
  const config = await api.getJsConfig({
    debug: false,
    jsApiList: ['chooseImage'],
    url: 'https://a.example/h5/',
  });
  assert.equal(config.appId, account.appId);
  assert.match(config.signature, /^[0-9a-f]{40}$/);
  const own = await api.ensureTicket('jsapi');
  const card = await api.ensureTicket('wx_card');
  assert.notEqual(own.ticket, card.ticket);
});

test('a picture goes up and comes down', async () => {
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]),
    Buffer.from('picture')]);
  const up = await api.uploadMedia(jpeg, 'image', 'a.jpg', 'image/jpeg');
  assert.equal(up.type, 'image');
  assert.deepEqual(await api.getMedia(up.media_id), jpeg);
  await assert.rejects(api.getMedia('unknown'), refusedWith(40007));
});

test('addresses are told', async () => {
  assert.ok((await api.getIp()).ip_list.length > 0);
});

// -- OAuth --------------------------------------------------------------------

test('a person is known by code, name and refreshed token', async () => {
  const oauth = new OAuth(account.appId, account.secret);
  const url = oauth.getAuthorizeURL('https://a.example/', 's1',
    'snsapi_userinfo');
  const code = await sandbox.codeFor(url, openid);
  const { data } = await oauth.getAccessToken(code);
  assert.equal(data.openid, openid);
  const person = await oauth.getUser(openid);
  assert.equal(person.nickname, '张三');
  assert.equal((await oauth.refreshAccessToken(data.refresh_token)).data.openid,
    openid);
  assert.equal((await oauth.verifyToken(openid, data.access_token)).errcode, 0);
  await assert.rejects(oauth.getAccessToken(code),
    error => error.code === 40163);
  await assert.rejects(oauth.getAccessToken('invented'),
    error => error.code === 40029);
});

test('a code grows old', async () => {
  const oauth = new OAuth(account.appId, account.secret);
  const url = oauth.getAuthorizeURL('https://a.example/', 's1');
  const code = await sandbox.codeFor(url, openid);
  await sandbox.advance(300);
  await assert.rejects(oauth.getAccessToken(code),
    error => error.code === 42003);
});

test('a base token does not tell the name', async () => {
  const oauth = new OAuth(account.appId, account.secret);
  const url = oauth.getAuthorizeURL('https://a.example/', 's1', 'snsapi_base');
  await oauth.getAccessToken(await sandbox.codeFor(url, openid));
  await assert.rejects(oauth.getUser(openid), error => error.code === 48001);
});

test('a website login goes by QR code', async () => {
  const oauth = new OAuth(account.webAppId, account.webSecret);
  const url = oauth.getAuthorizeURLForWebsite('https://a.example/', 's1');
  const page = await (await sandbox.page(url, openid)).text();
  const [, id] = /\/connect\/qrcode\/([0-9a-f]+)/.exec(page);
  const confirm = 'https://open.weixin.qq.com/connect/confirm?uuid=' + id;
  await sandbox.page(confirm + '&sandbox_consent=allow', openid);
  const polled = await (await sandbox.page(
    'https://open.weixin.qq.com/connect/l/qrconnect?uuid=' + id, openid)).text();
  const [, code] = /wx_code='(\w+)'/.exec(polled);
  const { data } = await oauth.getAccessToken(code);
  assert.notEqual(data.openid, openid);
  const person = await api.getUser(openid);
  assert.equal(data.unionid, person.unionid);
});
