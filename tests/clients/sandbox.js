'use strict';
// A sandbox of our own on a free port, and the levers of its control API.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const readline = require('node:readline');

exports.account = {
  appId: 'wx5a6d8b0c2e4f1793',
  secret: 'clients0test0secret0clients0test',
  webAppId: 'wx5a6d8b0c2e4f1794',
  webSecret: 'clients0test0website0secret00000',
  token: 'clientstoken',
  smsId: 'clients0sms0id',
  smsKey: 'clients0sms0secret',
  aesKey: 'WmhpS3VTYW5kYm94RW5jb2RpbmdBRVNLZXkyMDI2ISE',
};

class Sandbox {
  constructor(process, port) {
    this.process = process;
    this.port = port;
  }

  async control(method, path, body) {
    const answer = await fetch(`http://127.0.0.1:${this.port}/control${path}`, {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${path}: ${json.error}`);
    return json;
  }

  follower(nickname = '张三') {
    return this.control('POST', '/followers', { nickname });
  }

  fault(order) {
    return this.control('POST', '/faults', order);
  }

  advance(seconds) {
    return this.control('POST', '/clock', { advance_s: seconds });
  }

  async calls() {
    return this.control('GET', '/calls');
  }

  async chat(openid) {
    const path = `/followers/${openid}/messages`;
    return (await this.control('GET', path)).messages;
  }

  /** What a browser gets at one of the platform's pages, not following. */
  page(url, openid) {
    const { pathname, search } = new URL(url);
    return fetch(`http://127.0.0.1:${this.port}${pathname}${search}`, {
      redirect: 'manual',
      headers: { Cookie: `sandbox_openid=${openid}` },
    });
  }

  /** The code with which the authorisation page sends this follower back. */
  async codeFor(url, openid) {
    const answer = await this.page(url, openid);
    const location = answer.headers.get('location');
    if (location === null) throw new Error(await answer.text());
    return new URL(location).searchParams.get('code');
  }

  async stop() {
    this.process.kill('SIGTERM');
    await once(this.process, 'exit');
  }
}

exports.start = async (more = []) => {
  const { appId, secret, webAppId, webSecret, token } = exports.account;
  const child = spawn(process.env.ZHIKU_SANDBOX, [
    '--port', '0', '--app-id', appId, '--app-secret', secret,
    '--web-app-id', webAppId, '--web-app-secret', webSecret,
    '--token', token, ...more,
  ], { stdio: ['ignore', 'ignore', 'pipe'] });
  const log = readline.createInterface({ input: child.stderr });
  return new Promise((found, lost) => {
    child.once('exit', () => lost(new Error('the sandbox did not start')));
    log.on('line', line => {
      const { event, port } = JSON.parse(line);
      if (event === 'sandbox listens') found(new Sandbox(child, port));
    });
  });
};
