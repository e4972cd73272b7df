-- Nobody looks for rows by what these columns hold. Gathering statistics of
-- them, as is done again and again while many write, compares documents.
ALTER TABLE event
  ALTER COLUMN actor SET STATISTICS 0,
  ALTER COLUMN data SET STATISTICS 0,
  ALTER COLUMN chain SET STATISTICS 0;
ALTER TABLE snapshot
  ALTER COLUMN state SET STATISTICS 0,
  ALTER COLUMN chain SET STATISTICS 0;
ALTER TABLE command
  ALTER COLUMN reply SET STATISTICS 0;
