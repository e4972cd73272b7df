-- The journal: the one write path. `data` is canonical JSON (sorted keys,
-- integers and text only), so `chain` can be recomputed from it.
CREATE TABLE event (
  stream  text        NOT NULL,
  version integer     NOT NULL,
  at      timestamptz NOT NULL,
  actor   jsonb       NOT NULL,
  type    text        NOT NULL,
  schema  smallint    NOT NULL,
  data    jsonb       NOT NULL,
  sealed  text,                    -- personal data under the subject's key
  subject text,
  chain   bytea       NOT NULL,
  CONSTRAINT event_version_fence PRIMARY KEY (stream, version)
);

-- Commands carried out: a repeat finds its first answer here.
CREATE TABLE command (
  id      text        NOT NULL,
  stream  text        NOT NULL,
  version integer     NOT NULL,
  reply   jsonb       NOT NULL,
  at      timestamptz NOT NULL,
  CONSTRAINT command_once PRIMARY KEY (id)
);

-- What must follow: deliveries to entities and people, and wake-ups.
CREATE TABLE effect (
  id       text        NOT NULL PRIMARY KEY,
  stream   text        NOT NULL,   -- who caused it
  version  integer     NOT NULL,
  lane     text        NOT NULL CHECK (lane IN ('ENTITY', 'PERSON')),
  kind     text        NOT NULL CHECK (kind IN ('command', 'notify', 'sms_code')),
  target   text        NOT NULL,   -- stream or applicant id
  type     text        NOT NULL,
  payload  jsonb       NOT NULL,
  sealed   text,                   -- cleared once delivered
  subject  text        NOT NULL DEFAULT '',
  due_at   timestamptz NOT NULL,   -- the instant it is dated at
  next_at  timestamptz NOT NULL,   -- when it may be tried next; a courier that
                                   -- claims it moves this past its lease
  attempts integer     NOT NULL DEFAULT 0,
  state    text        NOT NULL DEFAULT 'PENDING'
           CHECK (state IN ('PENDING', 'DONE', 'PARKED')),
  done_at  timestamptz,
  failure  text
);
CREATE INDEX effect_due ON effect (lane, next_at) WHERE state = 'PENDING';
CREATE INDEX effect_stream ON effect (stream);
CREATE INDEX effect_target ON effect (target) WHERE state = 'PENDING';

CREATE TABLE snapshot (
  stream  text    NOT NULL PRIMARY KEY,
  version integer NOT NULL,
  chain   bytea   NOT NULL,
  state   jsonb   NOT NULL,
  sealed  text,
  subject text    NOT NULL DEFAULT ''
);

-- Every entity once: what the watchdog walks over.
CREATE TABLE stream (
  id         text        NOT NULL PRIMARY KEY,
  version    integer     NOT NULL,
  state      text        NOT NULL,
  final      boolean     NOT NULL,
  waits_for  text        NOT NULL,  -- who or what must act next
  changed_at timestamptz NOT NULL,
  quarantined_at timestamptz,      -- set aside: it fails again and again
  failure    text
);
CREATE INDEX stream_open ON stream (changed_at) WHERE NOT final;

-- A person's data key, wrapped by the configured key `key_id`. Deleting the
-- row erases the person from the journal.
CREATE TABLE person_key (
  subject text  NOT NULL PRIMARY KEY,
  key_id  text  NOT NULL,
  wrapped bytea NOT NULL
);

-- Projections: written in the same transaction as their events.
CREATE TABLE person (
  id            text        NOT NULL PRIMARY KEY,
  identities    jsonb       NOT NULL,
  active_identity text,
  phone_hash    text        NOT NULL,
  reachable     boolean     NOT NULL,
  openid        text,
  created_at    timestamptz NOT NULL,
  sealed        text,       -- name, phone
  CONSTRAINT person_phone_once UNIQUE (phone_hash),
  CONSTRAINT person_openid_once UNIQUE (openid)
);

CREATE TABLE draft (
  id           text        NOT NULL PRIMARY KEY,
  applicant_id text        NOT NULL,
  pools        jsonb       NOT NULL,
  state        text        NOT NULL,   -- DRAFT, SUBMITTED, WITHDRAWN, DELETED
  version      integer     NOT NULL,
  saved_at     timestamptz NOT NULL
);
CREATE INDEX draft_applicant ON draft (applicant_id);

CREATE TABLE expert (
  id           text        NOT NULL PRIMARY KEY,  -- applicant id ':' pool
  applicant_id text        NOT NULL,
  pool         text        NOT NULL,
  number       text        NOT NULL,
  state        text        NOT NULL,
  term_start   date        NOT NULL,
  term_end     date        NOT NULL,
  appointed_at timestamptz NOT NULL,
  case_id      text        NOT NULL,
  CONSTRAINT expert_number_once UNIQUE (number)
);
CREATE INDEX expert_applicant ON expert (applicant_id);

CREATE TABLE review_case (
  id           text        NOT NULL PRIMARY KEY,
  number       text        NOT NULL,
  applicant_id text        NOT NULL,
  pools        jsonb       NOT NULL,
  state        text        NOT NULL,
  round        integer     NOT NULL,
  submitted_at timestamptz NOT NULL,
  changed_at   timestamptz NOT NULL,
  deadline_at  timestamptz,
  exam_session_id text,
  score_tenths integer,
  version      integer     NOT NULL,
  sealed       text,       -- name
  CONSTRAINT review_case_number_once UNIQUE (number)
);
CREATE INDEX review_case_applicant ON review_case (applicant_id);
CREATE INDEX review_case_queue ON review_case (state, submitted_at, id);

CREATE TABLE exam_session (
  id           text        NOT NULL PRIMARY KEY,
  applicant_id text        NOT NULL,
  case_id      text        NOT NULL,
  plan_id      text        NOT NULL,
  plan_name    text        NOT NULL,
  state        text        NOT NULL,
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL,
  duration_s   integer     NOT NULL,
  started_at   timestamptz,
  deadline_at  timestamptz,
  closed_at    timestamptz,
  closed_by    text,
  score_tenths integer,
  passed       boolean
);
CREATE INDEX exam_session_applicant ON exam_session (applicant_id);
CREATE INDEX exam_session_plan ON exam_session (plan_id, state);

-- Plain tables, written by the front door or the command line.
CREATE TABLE session (
  token_hash   text        NOT NULL PRIMARY KEY,
  kind         text        NOT NULL CHECK (kind IN ('PERSON', 'STAFF')),
  channel      text        NOT NULL,
  applicant_id text,
  openid       text,
  staff_id     text,
  roles        jsonb       NOT NULL DEFAULT '[]',
  csrf_hash    text        NOT NULL,
  created_at   timestamptz NOT NULL,
  seen_at      timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  revoked_at   timestamptz
);
CREATE INDEX session_applicant ON session (applicant_id);

CREATE TABLE oauth_state (
  state_hash   text        NOT NULL PRIMARY KEY,
  browser_hash text        NOT NULL,
  target       text        NOT NULL,
  expires_at   timestamptz NOT NULL,
  used_at      timestamptz,
  result_token_hash text
);

CREATE TABLE staff (
  id            text        NOT NULL PRIMARY KEY,
  login         text        NOT NULL UNIQUE,
  name          text        NOT NULL,
  password_hash text        NOT NULL,
  roles         jsonb       NOT NULL,
  failed        integer     NOT NULL DEFAULT 0,
  locked_until  timestamptz,
  disabled_at   timestamptz
);

CREATE TABLE wechat_push (
  key         text        NOT NULL PRIMARY KEY,
  received_at timestamptz NOT NULL,
  kind        text        NOT NULL,
  openid      text        NOT NULL,
  reply       text
);

CREATE TABLE wechat_follower (
  openid     text        NOT NULL PRIMARY KEY,
  following  boolean     NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE notification (
  id           text        NOT NULL PRIMARY KEY,  -- the effect's id
  applicant_id text        NOT NULL,
  event        text        NOT NULL,
  payload      jsonb       NOT NULL,
  created_at   timestamptz NOT NULL,
  read_at      timestamptz
);
CREATE INDEX notification_applicant ON notification (applicant_id, created_at);

CREATE TABLE delivery (
  notification_id text        NOT NULL REFERENCES notification (id),
  route           text        NOT NULL CHECK (route IN ('TEMPLATE', 'SMS')),
  state           text        NOT NULL,  -- SENT, DELIVERED, FAILED
  platform_id     text,
  detail          text,
  at              timestamptz NOT NULL,
  PRIMARY KEY (notification_id, route)
);

CREATE TABLE exam_plan (
  id           text        NOT NULL PRIMARY KEY,
  name         text        NOT NULL,
  state        text        NOT NULL,
  window_start timestamptz NOT NULL,
  window_end   timestamptz NOT NULL,
  duration_s   integer     NOT NULL,
  pass_tenths  integer     NOT NULL,
  paper        jsonb       NOT NULL,
  multi_rule   text        NOT NULL,
  created_at   timestamptz NOT NULL,
  CONSTRAINT exam_plan_window CHECK (window_start < window_end)
);

CREATE TABLE question (
  id      text     NOT NULL,
  version integer  NOT NULL,
  type    text     NOT NULL CHECK (type IN ('SINGLE', 'MULTI', 'JUDGE')),
  topic   text     NOT NULL,
  body    jsonb    NOT NULL,
  retired_at timestamptz,
  PRIMARY KEY (id, version)
);
