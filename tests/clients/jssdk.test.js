'use strict';
// wechat-jssdk (Jason Jiang): token, ticket, signature, OAuth.

const assert = require('node:assert/strict');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

// The client starts timers that it never ends; they must not keep us alive.
const lasting = globalThis.setInterval;
globalThis.setInterval = (...given) => lasting(...given).unref();

const { Wechat } = require('wechat-jssdk');

const { redirectTo } = require('./redirect');
const { account, start } = require('./sandbox');

let sandbox;
let wechat;
let openid;
let folder;

before(async () => {
  sandbox = await start();
  redirectTo(sandbox.port);
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jssdk-'));
  wechat = new Wechat({
    appId: account.appId,
    appSecret: account.secret,
    wechatToken: account.token,
    wechatRedirectUrl: 'https://a.example/oauth',
    storeOptions: { fileStorePath: path.join(folder, 'store.json') },
  });
  openid = (await sandbox.follower('赵六')).openid;
});

after(async () => {
  await sandbox.stop();
  fs.rmSync(folder, { recursive: true });
});

test('token and ticket are fetched', async () => {
  const { access_token } = await wechat.jssdk.getAccessToken();
  const answer = await wechat.jssdk.getJsApiTicket(access_token);
  assert.equal(answer.errcode, 0);
  assert.ok(answer.ticket);
  await assert.rejects(wechat.jssdk.getJsApiTicket('unknown'),
    error => error.errcode === 40001);
});

test('a signature is the hash of ticket, nonce, time and address', async () => {
  const url = 'https://a.example/h5/?a=1';
  const signed = await wechat.jssdk.getSignature(url + '#top', true);
  const token = await wechat.jssdk.store.getGlobalToken();
  const text = `jsapi_ticket=${token.jsapi_ticket}&noncestr=${signed.nonceStr}`
    + `&timestamp=${signed.timestamp}&url=${url}`;
  assert.equal(signed.signature,
    crypto.createHash('sha1').update(text).digest('hex'));
});

test('a person is known by code, once', async () => {
  const url = wechat.oauth.generateOAuthUrl('https://a.example/oauth',
    'snsapi_userinfo', 's1');
  const code = await sandbox.codeFor(url, openid);
  const person = await wechat.oauth.getUserInfo(code);
  assert.equal(person.openid, openid);
  assert.equal(person.nickname, '赵六');
  assert.equal(person.sex, 0);
  await assert.rejects(wechat.oauth.getUserInfo(code, 'another key'),
    error => error.errcode === 40163);
});
