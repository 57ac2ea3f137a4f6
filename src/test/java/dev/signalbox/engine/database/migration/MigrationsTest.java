package dev.signalbox.engine.database.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.support.TestDatabases;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {
  @TempDir Path folder;
  private final List<String> said = new CopyOnWriteArrayList<>();
  private TestDatabases databases;
  private Migrations migrations;

  @BeforeEach
  void begin() throws Exception {
    databases = TestDatabases.create();
    migrations = new Migrations(Optional.of(folder), List.of("public"));
    script(
        "V1__first.sql",
        "CREATE TABLE a (id int PRIMARY KEY, v int);\nINSERT INTO a VALUES (1, 1), (2, 1);");
    script("U1__first.sql", "DROP TABLE a");
    script("V1.2__index.sql", "-- alone\nCREATE INDEX CONCURRENTLY a_v ON a (v);");
    script("U1.2__index.sql", "DROP INDEX CONCURRENTLY a_v");
  }

  @AfterEach
  void end() throws Exception {
    databases.close();
  }

  @Test
  void appliesOnceAndUndoesInReverse() throws Exception {
    assertThat(apply()).containsExactly("1", "1.2");
    assertThat(apply()).isEmpty();
    assertThat(outcomes()).containsExactly("1 applied", "1.2 running", "1.2 applied");
    assertThat(migrations.undo(databases.blue(), 0, "0", s -> {})).containsExactly("1.2", "1");
    assertThat(text("SELECT to_regclass('a')::text")).isEmpty();
    assertThat(apply()).containsExactly("1", "1.2");
  }

  @Test
  void anEditedScriptIsRefusedWithItsLines() throws Exception {
    apply();
    script(
        "V1__first.sql",
        "CREATE TABLE a (id int PRIMARY KEY, v int);\r\nINSERT INTO a VALUES (1, 1), (2, 1);");
    assertThat(apply()).as("line ends do not count").isEmpty();
    script(
        "V1__first.sql",
        "CREATE TABLE a (id int PRIMARY KEY, v bigint);\nINSERT INTO a VALUES (1, 1), (2, 1);");
    assertThatThrownBy(this::apply)
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining("-1 CREATE TABLE a (id int PRIMARY KEY, v int);")
        .hasMessageContaining("+1 CREATE TABLE a (id int PRIMARY KEY, v bigint);");
    assertThat(migrations.status(databases.blue()).getFirst().standing())
        .isEqualTo(Migrations.State.Standing.SCRIPT_EDITED);
  }

  @Test
  void aFailureIsRolledBackAndRecorded() throws Exception {
    script("V2__bad.sql", "CREATE TABLE b (id int);\n\nINSERT INTO nowhere VALUES (1);");
    assertThatThrownBy(this::apply).hasMessageContaining("V2__bad.sql, line 3");
    assertThat(text("SELECT to_regclass('b')::text")).isEmpty();
    assertThat(outcomes()).endsWith("2 failed");
    script("V2__bad.sql", "CREATE TABLE b (id int)");
    assertThat(apply()).containsExactly("2");
  }

  @Test
  void anIndexThatCouldNotBeBuiltIsDroppedAndBuiltAgain() throws Exception {
    script("V1.2__index.sql", "CREATE UNIQUE INDEX CONCURRENTLY a_v ON a (v);");
    assertThatThrownBy(this::apply).hasMessageContaining("a_v");
    assertThat(text("SELECT to_regclass('a_v')::text")).isEmpty();
    sql("UPDATE a SET v = id");
    // As a migrator that died in the middle leaves it.
    sql("UPDATE public.schema_version SET outcome = 'running' WHERE version = '1.2'");
    assertThat(apply()).containsExactly("1.2");
    assertThat(text("SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'a_v'::regclass"))
        .isEqualTo("true");
  }

  @Test
  void aLockThatIsHeldDoesNotQueueTraffic() throws Exception {
    apply();
    script("V3__wait.sql", "ALTER TABLE a ADD COLUMN w int");
    try (PostgresSession holder =
        PostgresSession.open(databases.blue(), "app", Duration.ofSeconds(20))) {
      holder.run(h -> {
        h.begin();
        h.execute("UPDATE a SET v = 5 WHERE id = 1");
      });
      Thread migrator = Thread.ofVirtual().start(this::applyQuietly);
      // Another client gets through although the migration wants the table for itself.
      while (said.stream()
          .noneMatch(s ->
              s.contains(
                  "V3__wait.sql waits for a lock that another session holds (attempt 3 of"))) {
        assertThat(migrator.isAlive()).isTrue();
        Guarded.ask(
            databases.blue(),
            "app",
            Duration.ofSeconds(3),
            h -> h.select("SELECT count(*) FROM a").mapTo(long.class).one());
      }
      holder.run(Handle::commit);
      migrator.join();
    }
    assertThat(outcomes()).endsWith("3 applied");
  }

  @Test
  void folderIsNotTrusted() throws Exception {
    refused("v4__small.sql", "SELECT 1", "is not named");
    refused("V01__again.sql", "SELECT 1", "same version");
    refused("V5__begin.sql", "SELECT 1;\nBEGIN;\nSELECT 2", "line 2");
    refused("V5__copy.sql", "COPY a FROM stdin", "COPY FROM STDIN");
    refused("V5__mixed.sql", "SELECT 1; VACUUM a", "script of its own");
    refused("V5__open.sql", "SELECT 'it", "line 1: the quote ' is not closed");
    refused("V5__psql.sql", "\\connect other", "psql commands");
    refused("U9__lonely.sql", "SELECT 1", "has no script");
    Files.write(
        folder.resolve("V6__latin.sql"),
        "SELECT 1;\nSELECT 'ä'".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(this::apply).hasMessageContaining("line 2: not UTF-8");
    Files.delete(folder.resolve("V6__latin.sql"));
    Files.createSymbolicLink(folder.resolve("V6__link.sql"), Path.of("/etc/hostname"));
    assertThatThrownBy(this::apply).hasMessageContaining("is a link out of");
  }

  @Test
  void splitsAsTheServerDoes() throws Exception {
    List<SqlStatement> split =
        SqlSplitter.split(
            "f",
            """
            /* a; /* nested; */ b */ SELECT ';', E'\\';', "a;b", $$;$$, $x$ ; $$ ; $x$; -- c;
            CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);
            CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END;
            SELECT $1, a$b$c;
            """);
    assertThat(split).extracting(SqlStatement::line).containsExactly(1, 2, 3, 4);
  }

  private void refused(String name, String text, String why) throws IOException {
    script(name, text);
    assertThatThrownBy(this::apply)
        .as(name)
        .isInstanceOf(ScriptException.class)
        .hasMessageContaining(why);
    Files.delete(folder.resolve(name));
  }

  private void script(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private List<String> apply() throws Exception {
    return migrations.apply(databases.blue(), 0, null, said::add);
  }

  private void applyQuietly() {
    try {
      apply();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private List<String> outcomes() throws SQLException {
    return Guarded.ask(
        databases.blue(),
        "test",
        Duration.ofSeconds(5),
        h ->
            h.select("SELECT version || ' ' || outcome FROM public.schema_version ORDER BY id")
                .mapTo(String.class)
                .list());
  }

  private String text(String sql) throws SQLException {
    return Guarded.ask(
        databases.blue(),
        "test",
        Duration.ofSeconds(5),
        h -> h.select(sql).mapTo(String.class).findOne().orElse(""));
  }

  private void sql(String sql) throws SQLException {
    Guarded.ask(
        databases.blue(),
        "test",
        Duration.ofSeconds(5),
        h -> {
          Verbatim.run(h, sql);
          return true;
        });
  }
}
