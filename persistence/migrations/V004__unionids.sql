-- Who came through the account with which unionid, for logins through a website
-- application (PROTOCOL 4a).
CREATE TABLE wechat_unionid (
  openid  text NOT NULL PRIMARY KEY,
  unionid text NOT NULL
);
CREATE INDEX wechat_unionid_unionid ON wechat_unionid (unionid);
