ALTER TABLE transfers DROP COLUMN note;
