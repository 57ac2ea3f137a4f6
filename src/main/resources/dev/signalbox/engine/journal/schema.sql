-- Journal and lease of Signalbox. Safe to run again, also by two consoles at once (an advisory lock
-- is held around it). Not replicated, not compared: each database has its own copy.
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

CREATE OR REPLACE FUNCTION signalbox.append(expected bigint, entries jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM signalbox.assert_epoch(expected);
  INSERT INTO signalbox.journal
    SELECT e.sequence, e.at, e.release, e.epoch, e.actor, e.kind, e.phase, e.step, e.text, e.data
    FROM jsonb_to_recordset(entries) AS e(sequence bigint, at timestamptz, release bigint, epoch bigint,
      actor text, kind text, phase text, step text, text text, data jsonb);
END $$;
