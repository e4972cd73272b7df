-- People see their own logins and end them: a public id, the device and the
-- network. A session goes on under new tokens; all of them have one lineage, by
-- which a repeated request is known. Staff rights are read with each session:
-- what was opened before `sessions_from` has ended.
ALTER TABLE session ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE session ADD COLUMN lineage uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE session ADD COLUMN device text NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN network text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX session_id ON session (id);
CREATE INDEX session_staff ON session (staff_id);
ALTER TABLE staff ADD COLUMN sessions_from timestamptz;
