'use strict';
// Sends what a client means for the platform's hosts to the sandbox: beneath
// the client, in the HTTP module, so that the client itself stays as it is
// published and believes it talks to the platform.

const http = require('node:http');
const https = require('node:https');

const hosts = new Set([
  'api.weixin.qq.com',
  'open.weixin.qq.com',
  'mp.weixin.qq.com',
  'sms.tencentcloudapi.com',
  'dysmsapi.aliyuncs.com',
]);

/** The options of a request given as `(url, options?)` or `(options)`. */
function optionsOf(first, second) {
  if (typeof first !== 'string' && !(first instanceof URL)) return first;
  const { hostname, port, pathname, search } = new URL(first);
  const more = typeof second === 'object' ? second : {};
  return { hostname, port, path: pathname + search, ...more };
}

exports.redirectTo = port => {
  const agent = new http.Agent({ keepAlive: false });
  const real = https.request;
  https.request = (...given) => {
    const options = optionsOf(given[0], given[1]);
    const host = options.hostname || options.host;
    if (!hosts.has(host)) return real.apply(https, given);
    const callback = given.find(each => typeof each === 'function');
    const { servername, ...rest } = options;
    return http.request({
      ...rest,
      protocol: 'http:',
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      port,
      agent,
      headers: { ...options.headers, Host: host },
    }, callback);
  };
};
