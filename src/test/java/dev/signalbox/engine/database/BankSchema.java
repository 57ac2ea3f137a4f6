package dev.signalbox.engine.database;

import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Verbatim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/// A small service's schema with a bit of everything, and its migrations. Its tables belong to a
/// role of their own that may not create anything any more; the console's role is its member.
final class BankSchema {
  static final int ACCOUNTS = 1000;

  /// Roles are the server's, which other tests use, too.
  private static final String OWNER =
      """
      DO $$ BEGIN
        CREATE ROLE bank;
        GRANT bank TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
      EXCEPTION WHEN duplicate_object THEN NULL;
      END $$
      """;

  private static final String SCHEMA =
      """
      CREATE TYPE kind AS ENUM ('private', 'business');
      CREATE DOMAIN money_amount AS numeric(14, 2) CONSTRAINT sane CHECK (VALUE > -1000000);
      CREATE SEQUENCE ticket INCREMENT BY 5 START 100;
      CREATE TABLE account (
        id bigint PRIMARY KEY,
        name text NOT NULL,
        kind kind NOT NULL DEFAULT 'private',
        balance money_amount NOT NULL DEFAULT 0,
        twice numeric GENERATED ALWAYS AS (balance * 2) STORED
      );
      CREATE TABLE transfer (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        request uuid NOT NULL UNIQUE,
        "From" bigint NOT NULL REFERENCES account (id),
        "to" bigint NOT NULL REFERENCES account (id) ON DELETE CASCADE,
        amount money_amount NOT NULL,
        at timestamptz NOT NULL DEFAULT now(),
        CONSTRAINT different CHECK ("From" <> "to")
      );
      CREATE INDEX transfer_at ON transfer (at DESC) WHERE amount > 0;
      CREATE TABLE "odd ""name" (k text, n serial, v jsonb, PRIMARY KEY (k, n));
      CREATE VIEW rich AS SELECT id, name FROM account WHERE balance > 100;
      CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN NEW; END $f$;
      CREATE TRIGGER touched BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION touch();
      COMMENT ON COLUMN account.balance IS 'it''s money';
      GRANT SELECT, UPDATE (balance) ON account TO PUBLIC;
      INSERT INTO account (id, name, balance) SELECT g, 'account ' || g, 1000 FROM generate_series(1, 1000) g;
      INSERT INTO "odd ""name" (k, v) SELECT chr(65 + g % 26) || g, '{"a": [1, 2]}' FROM generate_series(1, 300) g;
      SELECT nextval('ticket');
      """;

  private BankSchema() {}

  static void create(PostgresServer server) throws SQLException {
    Guarded.ask(
        server,
        "test",
        Duration.ofSeconds(20),
        h -> {
          Verbatim.run(h, OWNER);
          Verbatim.run(h, "GRANT CREATE ON SCHEMA public TO bank; SET ROLE bank");
          Verbatim.run(h, SCHEMA);
          Verbatim.run(
              h,
              "CREATE FUNCTION total() RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT"
                  + " sum(balance) FROM account; END");
          Verbatim.run(h, "RESET ROLE; REVOKE CREATE ON SCHEMA public FROM bank");
          return true;
        });
  }

  /// A column that only the new version knows, and an index built outside a transaction.
  static Path migrations(Path folder) throws IOException {
    Files.writeString(
        folder.resolve("V2__note_of_a_transfer.sql"),
        "ALTER TABLE transfer ADD COLUMN note text DEFAULT '';\n");
    Files.writeString(
        folder.resolve("V2.1__find_transfers.sql"),
        "CREATE INDEX CONCURRENTLY transfer_from ON transfer (\"From\");\n");
    Files.writeString(
        folder.resolve("U2__note_of_a_transfer.sql"), "ALTER TABLE transfer DROP COLUMN note;\n");
    Files.writeString(folder.resolve("U2.1__find_transfers.sql"), "DROP INDEX transfer_from;\n");
    return folder;
  }
}
