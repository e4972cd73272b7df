-- A login at a PC by QR code (PROTOCOL 4b). The browser that asked holds the
-- secret of `browser_hash`; the phone that scanned confirms.
CREATE TABLE login_ticket (
  id           text        NOT NULL PRIMARY KEY,
  scene        text        NOT NULL,
  browser_hash text        NOT NULL,
  target       text        NOT NULL,   -- local path the person wanted
  qr_url       text        NOT NULL,   -- what the QR code says
  device       text        NOT NULL,   -- browser family and system, for people
  network      text        NOT NULL,   -- masked address, for people
  state        text        NOT NULL DEFAULT 'WAITING'
               CHECK (state IN ('WAITING', 'SCANNED', 'CONFIRMED', 'USED',
                                'REFUSED')),
  openid       text,                   -- who scanned first
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz NOT NULL,
  CONSTRAINT login_ticket_scene_once UNIQUE (scene)
);

-- A switch of identity ends a session, and its holder must be told (edge 57):
-- whoever comes with the old token, or with the old CSRF secret and the new
-- token, since the tabs of a browser share their cookies.
ALTER TABLE session ADD COLUMN revoked_because text;
ALTER TABLE session ADD COLUMN former_csrf_hash text;

-- The session of an authorisation is derived from its secrets.
ALTER TABLE oauth_state DROP COLUMN result_token_hash;
