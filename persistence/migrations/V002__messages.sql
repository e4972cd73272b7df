-- The platform's tokens, one row each for all nodes. Whoever renews one holds
-- its row locked meanwhile, so there is one fetch and not one a node.
CREATE TABLE platform_token (
  name       text        NOT NULL PRIMARY KEY,  -- ACCESS_TOKEN, JSAPI_TICKET
  sealed     text        NOT NULL,
  fetched_at timestamptz NOT NULL,
  renew_at   timestamptz NOT NULL,   -- from then on somebody should renew it
  expires_at timestamptz NOT NULL,
  taken_at   timestamptz             -- when another system last replaced it
);

-- Calls of the platform's API, a row a Beijing day: quotas are daily.
CREATE TABLE platform_call (
  day        date        NOT NULL,
  api        text        NOT NULL,
  calls      bigint      NOT NULL,
  failures   bigint      NOT NULL,
  limited_at timestamptz,            -- latest 45009 of the day
  PRIMARY KEY (day, api)
);

-- 43101: whether this person wants no messages by this template (edge 18), as
-- last told.
CREATE TABLE template_refusal (
  openid      text        NOT NULL,
  template_id text        NOT NULL,
  refused     boolean     NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (openid, template_id)
);

-- Subscription notices that a person has agreed to and not yet got.
CREATE TABLE subscription_consent (
  openid      text        NOT NULL,
  template_id text        NOT NULL,
  left_over   integer     NOT NULL CHECK (left_over >= 0),
  changed_at  timestamptz NOT NULL,
  PRIMARY KEY (openid, template_id)
);

-- Attempts to tell a person, one row each, over all routes.
DROP TABLE delivery;
CREATE TABLE delivery (
  notification_id text        NOT NULL REFERENCES notification (id),
  route           text        NOT NULL CHECK (route IN (
    'TEMPLATE', 'SUBSCRIPTION', 'SMS')),
  number          integer     NOT NULL,
  stage           text        NOT NULL CHECK (stage IN (
    'SENDING', 'RETRYING', 'UNKNOWN', 'SENT', 'FAILED', 'DELIVERED')),
  tries           integer     NOT NULL,
  first_at        timestamptz NOT NULL,
  changed_at      timestamptz NOT NULL,
  next_at         timestamptz NOT NULL,
  renew           boolean     NOT NULL DEFAULT false,
  via             text,              -- template id, or the carrier
  platform_id     text,              -- msgid, or the carrier's serial
  detail          text,              -- errcode, carrier's code, report
  PRIMARY KEY (notification_id, route, number)
);
CREATE INDEX delivery_platform_id ON delivery (route, platform_id);

-- Attempts up to this number count no more: staff sent it anew.
ALTER TABLE notification ADD COLUMN resent_after integer NOT NULL DEFAULT 0;
ALTER TABLE notification ADD COLUMN resent_by text;
ALTER TABLE notification ADD COLUMN resent_at timestamptz;
CREATE INDEX notification_newest ON notification (created_at, id);

-- Reports may come before the answer that names their message.
CREATE TABLE receipt (
  route       text        NOT NULL,
  platform_id text        NOT NULL,
  delivered   boolean     NOT NULL,
  renew       boolean     NOT NULL,  -- worth one more attempt
  refused     boolean     NOT NULL,  -- the person wants none by this template
  detail      text        NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (route, platform_id)
);
