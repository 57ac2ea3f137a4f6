-- Journal and lease of Signalbox. Safe to run again, also by two consoles at once (an advisory lock
-- is held around it), and on what an earlier version made. Not replicated, not compared: each
-- database has its own copy.
CREATE SCHEMA IF NOT EXISTS signalbox;

-- The epoch in a row of its own: commands lock it in share mode, renewals of the lease do not touch it.
CREATE TABLE IF NOT EXISTS signalbox.lease (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch bigint NOT NULL
);
INSERT INTO signalbox.lease (epoch) VALUES (0) ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS signalbox.lease_holder (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  epoch bigint NOT NULL,
  holder text NOT NULL,
  name text NOT NULL,
  expires_at timestamptz NOT NULL
);
-- Voters that an operator declared closed, by name; they do not count until they answer again.
ALTER TABLE signalbox.lease_holder ADD COLUMN IF NOT EXISTS closed text NOT NULL DEFAULT '';
INSERT INTO signalbox.lease_holder (epoch, holder, name, expires_at) VALUES (0, '', '', '-infinity')
  ON CONFLICT DO NOTHING;

CREATE TABLE IF NOT EXISTS signalbox.journal (
  sequence bigint PRIMARY KEY,
  at timestamptz NOT NULL,
  release bigint NOT NULL,
  epoch bigint NOT NULL,
  actor text NOT NULL,
  kind text NOT NULL,
  phase text NOT NULL,
  step text NOT NULL,
  text text NOT NULL,
  data jsonb NOT NULL
);
-- The order in which the rows of this database were committed; readers follow it. An entry that is
-- copied from the other database has a low sequence and a high arrival.
ALTER TABLE signalbox.journal ADD COLUMN IF NOT EXISTS arrived bigint GENERATED ALWAYS AS IDENTITY;
-- The append that wrote the row, and the appends that it declares void: those whose outcome their
-- writer never learnt.
ALTER TABLE signalbox.journal ADD COLUMN IF NOT EXISTS batch uuid;
ALTER TABLE signalbox.journal ADD COLUMN IF NOT EXISTS voids uuid[] NOT NULL DEFAULT '{}';
-- The chain; empty in rows of earlier versions.
ALTER TABLE signalbox.journal ADD COLUMN IF NOT EXISTS previous text NOT NULL DEFAULT '';
ALTER TABLE signalbox.journal ADD COLUMN IF NOT EXISTS hash text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX IF NOT EXISTS journal_arrived ON signalbox.journal (arrived);

-- The highest number that was used here. Whoever writes to the journal locks this row first, so that
-- arrivals are in the order of commits.
CREATE TABLE IF NOT EXISTS signalbox.journal_head (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  sequence bigint NOT NULL
);
INSERT INTO signalbox.journal_head (sequence) SELECT coalesce(max(sequence), 0) FROM signalbox.journal
  ON CONFLICT DO NOTHING;

-- Every command that changes something calls this first, in its own transaction. The share lock makes
-- a takeover wait for commands under way, and commands behind a takeover fail.
CREATE OR REPLACE FUNCTION signalbox.assert_epoch(expected bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  newest bigint;
BEGIN
  SELECT epoch INTO newest FROM signalbox.lease FOR SHARE;
  IF newest < expected THEN
    -- It was away when the lease was taken; renewing the lease raises the epoch here.
    RAISE EXCEPTION 'this database has not heard of epoch % yet, only of %', expected, newest
      USING ERRCODE = 'SB002';
  ELSIF newest IS DISTINCT FROM expected THEN
    RAISE EXCEPTION 'another console drives: this command carries epoch %, the newest is %', expected, newest
      USING ERRCODE = 'SB001';
  END IF;
END $$;

-- Writes one batch. Doing it again with the same batch identifier changes nothing. A batch that comes
-- after a later one, because its connection hung, is refused: its writer has given its numbers up.
CREATE OR REPLACE FUNCTION signalbox.append(expected bigint, identifier uuid, entries jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  head bigint;
  lowest bigint;
  highest bigint;
BEGIN
  PERFORM signalbox.assert_epoch(expected);
  SELECT h.sequence INTO head FROM signalbox.journal_head h FOR UPDATE;
  SELECT min(e.sequence), max(e.sequence) INTO lowest, highest
    FROM jsonb_populate_recordset(NULL::signalbox.journal, entries) e;
  IF lowest <= head THEN
    IF EXISTS (SELECT FROM signalbox.journal j WHERE j.sequence = lowest AND j.batch = identifier) THEN
      RETURN;
    END IF;
    RAISE EXCEPTION 'the journal is at number % already; a batch from % on comes too late', head, lowest
      USING ERRCODE = 'SB003';
  END IF;
  INSERT INTO signalbox.journal (sequence, at, release, epoch, actor, kind, phase, step, text, data,
      batch, voids, previous, hash)
    SELECT e.sequence, e.at, e.release, e.epoch, e.actor, e.kind, e.phase, e.step, e.text, e.data,
      identifier, e.voids, e.previous, e.hash
    FROM jsonb_populate_recordset(NULL::signalbox.journal, entries) e ORDER BY e.sequence;
  UPDATE signalbox.journal_head SET sequence = highest;
END $$;

-- Takes entries of the other database, as they are there. What has its number here already stays.
CREATE OR REPLACE FUNCTION signalbox.copy(expected bigint, entries jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM signalbox.assert_epoch(expected);
  PERFORM FROM signalbox.journal_head FOR UPDATE;
  INSERT INTO signalbox.journal (sequence, at, release, epoch, actor, kind, phase, step, text, data,
      batch, voids, previous, hash)
    SELECT e.sequence, e.at, e.release, e.epoch, e.actor, e.kind, e.phase, e.step, e.text, e.data,
      e.batch, e.voids, e.previous, e.hash
    FROM jsonb_populate_recordset(NULL::signalbox.journal, entries) e ORDER BY e.sequence
    ON CONFLICT (sequence) DO NOTHING;
  UPDATE signalbox.journal_head
    SET sequence = greatest(sequence, (SELECT coalesce(max(j.sequence), 0) FROM signalbox.journal j));
END $$;

-- What consoles of earlier versions call: they would write without batch and chain.
CREATE OR REPLACE FUNCTION signalbox.append(expected bigint, entries jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a newer version of Signalbox keeps this journal; this console only looks'
    USING ERRCODE = 'SB001';
END $$;
