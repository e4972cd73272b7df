-- Work that one node does for all, each kind at its time. Whoever moves
-- `tried_at` does it; when that fails, somebody tries again later.
CREATE TABLE upkeep (
  task     text        NOT NULL PRIMARY KEY,  -- FOLLOWERS
  tried_at timestamptz NOT NULL,
  done_at  timestamptz
);
