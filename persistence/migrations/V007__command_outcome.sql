-- What is kept of a command is its whole outcome, a refusal included, and it
-- belongs to one request alone. Rows from before have no request: no repeat
-- matches them, which is right, since some of them hold a refusal as success.
ALTER TABLE command
  ADD COLUMN request text NOT NULL DEFAULT '',  -- keyed hash; '': not a client's
  ADD COLUMN refused jsonb,
  ALTER COLUMN refused SET STATISTICS 0;
UPDATE command SET request = 'before V007' WHERE id ~ '^[0-9a-f]{64}$';
