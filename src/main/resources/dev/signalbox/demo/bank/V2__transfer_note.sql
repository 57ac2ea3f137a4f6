-- Nullable and without a default: no rewrite, and version 1 of the application does not notice.
ALTER TABLE transfers ADD COLUMN note text;
