'use strict';
// The carriers' own SDKs: Tencent Cloud's (TC3), and of Aliyun both the new one
// (ACS3) and the old core (V1).

const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, test } = require('node:test');

const tencentcloud = require('tencentcloud-sdk-nodejs-sms');
const { default: Dysmsapi, SendSmsRequest, QuerySendDetailsRequest } =
  require('@alicloud/dysmsapi20170525');
const PopCore = require('@alicloud/pop-core');

const { redirectTo } = require('./redirect');
const { account, start } = require('./sandbox');

let sandbox;
let reportTaker;
const reports = [];

const phone = '13711112222';

async function takeReports() {
  const server = http.createServer(async (request, response) => {
    reports.push(...JSON.parse(Buffer.concat(await request.toArray())));
    response.end('{"code":0,"msg":"接收成功"}');
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  return server;
}

async function until(condition) {
  const deadline = Date.now() + 10000;
  while (!condition()) {
    assert.ok(Date.now() < deadline, 'in time');
    await new Promise(done => setTimeout(done, 10));
  }
}

before(async () => {
  reportTaker = await takeReports();
  const { port } = reportTaker.address();
  sandbox = await start([
    '--sms-secret-id', account.smsId, '--sms-secret-key', account.smsKey,
    '--sms-report-url', `http://127.0.0.1:${port}/{carrier}`,
  ]);
  redirectTo(sandbox.port);
});

after(async () => {
  await sandbox.stop();
  reportTaker.close();
});

const inbox = async () =>
  (await sandbox.control('GET', '/sms?phone=' + phone)).messages;

// -- Tencent ------------------------------------------------------------------

const tencent = secretKey => new tencentcloud.sms.v20210111.Client({
  credential: { secretId: account.smsId, secretKey },
  region: 'ap-guangzhou',
});

const code = {
  PhoneNumberSet: ['+86' + phone],
  SmsSdkAppId: '1400006666',
  SignName: '智库',
  TemplateId: '1110',
  TemplateParamSet: ['123456', '5'],
  SessionContext: 'effect-id',
};

test('Tencent takes a message, reports it and knows its status', async () => {
  const sent = await tencent(account.smsKey).SendSms(code);
  const [status] = sent.SendStatusSet;
  assert.equal(status.Code, 'Ok');
  assert.equal(status.SessionContext, 'effect-id');
  assert.equal((await inbox()).at(-1).serial, status.SerialNo);
  await until(() => reports.some(each => each.sid === status.SerialNo));
  const asked = await tencent(account.smsKey).PullSmsSendStatusByPhoneNumber({
    BeginTime: 0, Offset: 0, Limit: 10,
    PhoneNumber: '+86' + phone, SmsSdkAppId: '1400006666',
  });
  const told = asked.PullSmsSendStatusSet.find(
    each => each.SerialNo === status.SerialNo);
  assert.equal(told.ReportStatus, 'SUCCESS');
});

test('Tencent refuses as a whole and number by number', async () => {
  await assert.rejects(tencent('wrong').SendSms(code),
    { code: 'AuthFailure.SignatureFailure' });
  await sandbox.fault({
    api: 'sms_tencent',
    errcode: 'LimitExceeded.PhoneNumberThirtySecondLimit',
  });
  const limited = await tencent(account.smsKey).SendSms(code);
  assert.equal(limited.SendStatusSet[0].Code,
    'LimitExceeded.PhoneNumberThirtySecondLimit');
  const wrong = await tencent(account.smsKey)
    .SendSms({ ...code, PhoneNumberSet: ['+86123'] });
  assert.equal(wrong.SendStatusSet[0].Code,
    'InvalidParameterValue.IncorrectPhoneNumber');
});

// -- Aliyun, ACS3 -------------------------------------------------------------

const aliyun = accessKeySecret => new Dysmsapi({
  accessKeyId: account.smsId,
  accessKeySecret,
  endpoint: 'dysmsapi.aliyuncs.com',
});

const notice = {
  phoneNumbers: phone,
  signName: '智库',
  templateCode: 'SMS_1110',
  templateParam: JSON.stringify({ code: '5 + a*b~' }),
  outId: 'effect-id',
};

test('Aliyun takes a message and knows its details', async () => {
  const client = aliyun(account.smsKey);
  const { body } = await client.sendSms(new SendSmsRequest(notice));
  assert.equal(body.code, 'OK');
  assert.equal((await inbox()).at(-1).params[0].value, '5 + a*b~');
  await until(() => reports.some(each => each.biz_id === body.bizId));
  const asked = await client.querySendDetails(new QuerySendDetailsRequest({
    phoneNumber: phone, bizId: body.bizId, currentPage: 1, pageSize: 10,
  }));
  const [detail] = asked.body.smsSendDetailDTOs.smsSendDetailDTO;
  assert.equal(detail.sendStatus, 3);
  assert.equal(detail.outId, 'effect-id');
});

test('Aliyun refuses a wrong secret and too many', async () => {
  const send = async secret =>
    (await aliyun(secret).sendSms(new SendSmsRequest(notice))).body.code;
  await assert.rejects(send('wrong'), { code: 'SignatureDoesNotMatch' });
  await sandbox.fault({
    api: 'sms_aliyun', errcode: 'isv.BUSINESS_LIMIT_CONTROL',
  });
  assert.equal(await send(account.smsKey), 'isv.BUSINESS_LIMIT_CONTROL');
});

// -- Aliyun, V1 ---------------------------------------------------------------

const old = accessKeySecret => new PopCore({
  accessKeyId: account.smsId,
  accessKeySecret,
  endpoint: 'https://dysmsapi.aliyuncs.com',
  apiVersion: '2017-05-25',
});

const oldNotice = {
  RegionId: 'cn-hangzhou',
  PhoneNumbers: phone,
  SignName: '智库',
  TemplateCode: 'SMS_1110',
  TemplateParam: notice.templateParam,
};

test('Aliyun takes a message signed the old way', async () => {
  const sent = await old(account.smsKey)
    .request('SendSms', oldNotice, { method: 'POST' });
  assert.equal(sent.Code, 'OK');
  assert.equal((await inbox()).at(-1).serial, sent.BizId);
});

test('Aliyun refuses a wrong secret used the old way', async () => {
  await assert.rejects(
    old('wrong').request('SendSms', oldNotice, { method: 'POST' }),
    error => error.code === 'SignatureDoesNotMatch');
});
