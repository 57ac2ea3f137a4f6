package dev.signalbox.cluster.query;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.cluster.TestCluster;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.cluster.settings.Literals;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.support.TestDatabases;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Parameters that clients write into SQL stay parameters. Each engine here has one connection, so
/// that what a statement leaves behind would meet the next one.
class LiteralsTest {
  private static final List<String> PARAMETERS =
      List.of(
          "x' OR 1=1 --",
          "x'' OR 1=1 --",
          "x\\' OR 1=1 --",
          "x\\\\' OR 1=1 --",
          "\\",
          "\\\\",
          "'",
          "''",
          "'; SELECT 2 --",
          "\\'; SELECT 2 --",
          "a\nb\rc\td",
          "' /* \\",
          "*/ ' --",
          "$$ ' $$ OR 1=1 --",
          "\\x27 OR 1=1 --",
          "\\047 OR 1=1 --",
          "\\u0027 OR 1=1 --",
          "\\b\\f\\n",
          "E' OR 1=1 --",
          "ソ' OR 1=1 --",
          "表\\",
          "ä😀'\\",
          "%s ? $1 {fn now()} :x");

  @TempDir Path folder;
  private TestDatabases databases;

  @BeforeEach
  void start() throws Exception {
    databases = TestDatabases.create();
    jdbi(databases.blue())
        .useHandle(h -> {
          h.execute("CREATE TABLE person (name text)");
          h.execute("INSERT INTO person VALUES ('ann'), ('bob'), ('O''Neil')");
          h.createUpdate("INSERT INTO person VALUES (:name)").bind("name", "a\\b").execute();
        });
  }

  @AfterEach
  void end() throws Exception {
    databases.close();
  }

  private QueryEngine engine(Literals literals) throws Exception {
    return new QueryEngine(
        Strategy.BLUE,
        TestCluster.engine(folder, databases.blue(), Duration.ofSeconds(20), 1),
        literals,
        Limits.defaults());
  }

  /// As existing connectors do it.
  private static String backslashes(String parameter) {
    return "'"
        + parameter
            .replace("\\", "\\\\")
            .replace("'", "\\'")
            .replace("\r", "\\r")
            .replace("\n", "\\n")
            .replace("\t", "\\t")
        + "'";
  }

  private static String doubled(String parameter) {
    return "'" + parameter.replace("'", "''") + "'";
  }

  private static String written(Literals literals, String parameter) {
    return switch (literals) {
      case BACKSLASH -> backslashes(parameter);
      case STANDARD -> doubled(parameter);
    };
  }

  private static List<@Nullable String> column(QueryEngine engine, String sql) {
    return engine.cursor(sql, "").texts(1000).stream().map(row -> row[0]).toList();
  }

  private static void parametersStayParameters(QueryEngine engine, Literals literals) {
    for (String parameter : PARAMETERS) {
      String text = written(literals, parameter);
      assertThat(column(engine, "SELECT name FROM person WHERE name = " + text)).isEmpty();
      assertThat(column(engine, "SELECT " + text)).containsExactly(parameter);
      assertThat(column(engine, "SELECT n FROM (SELECT " + text + " AS n) AS q WHERE n = " + text))
          .containsExactly(parameter);
      assertThat(engine.plan("SELECT name FROM person WHERE name = " + text, "", true).texts(100))
          .isNotEmpty();
    }
    assertThat(column(engine, "SELECT name FROM person WHERE name = " + written(literals, "a\\b")))
        .containsExactly("a\\b");
    assertThat(
            column(engine, "SELECT name FROM person WHERE name = " + written(literals, "O'Neil")))
        .containsExactly("O'Neil");
  }

  @ParameterizedTest
  @EnumSource
  void aParameterNeverBecomesPartOfTheStatement(Literals literals) throws Exception {
    try (QueryEngine engine = engine(literals)) {
      parametersStayParameters(engine, literals);
      // A plain apostrophe may be doubled, whatever a backslash is.
      assertThat(column(engine, "SELECT name FROM person WHERE name = 'O''Neil'"))
          .containsExactly("O'Neil");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheDatabaseAndTheRoleSayDoesNotCount(Literals literals) throws Exception {
    String database = databases.blue().coordinates().database();
    String wrong = literals == Literals.STANDARD ? "off" : "on";
    jdbi(databases.blue())
        .useHandle(h -> {
          for (String setting :
              List.of("standard_conforming_strings = " + wrong, "backslash_quote = off")) {
            h.execute("ALTER DATABASE \"" + database + "\" SET " + setting);
          }
        });
    try (QueryEngine engine = engine(literals)) {
      parametersStayParameters(engine, literals);
    }
  }

  /// What passes the check of statements; it runs, or PostgreSQL refuses it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT set_config('standard_conforming_strings', 'on', false)",
        "SELECT set_config('standard_conforming_strings', 'off', false)",
        "SELECT set_config('standard_conforming_strings', 'on', true)",
        "SELECT set_config('backslash_quote', 'off', false)",
        "SELECT set_config('backslash_quote', 'on', false)",
        "SELECT set_config('client_encoding', 'SJIS', false)",
        "SELECT set_config('client_encoding', 'SQL_ASCII', false)",
        "SELECT set_config('client_encoding', 'LATIN1', true)",
        "SELECT set_config('session_replication_role', 'replica', false)",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "WITH c AS MATERIALIZED (SELECT set_config('standard_conforming_strings', x, false)"
            + " FROM (VALUES ('on'), ('off'), ('on')) AS v(x)) SELECT * FROM c",
        "SELECT set_config('standard_conforming_strings', CASE g % 2 WHEN 0 THEN 'on' ELSE 'off' END,"
            + " false) FROM generate_series(1, 400) AS g",
        "EXPLAIN ANALYZE SELECT set_config('standard_conforming_strings', 'on', false)",
        "SELECT query_to_xml($$SELECT set_config('standard_conforming_strings', 'on', false)$$,"
            + " true, true, '')",
        "SELECT query_to_xml('SET standard_conforming_strings = on', true, true, '')",
        "SELECT 1 AS \"\\\" -- '\\'",
        "SELECT 1 /* ' \\' /* */ \\ */",
        "SELECT $$\\$$, $a$'\\'$a$",
        "SELECT 1 / 0"
      })
  void aStatementLeavesNothingBehind(String sql) throws Exception {
    for (Literals literals : Literals.values()) {
      try (QueryEngine engine = engine(literals)) {
        attempt(engine.cursor(sql, ""));
        parametersStayParameters(engine, literals);
        Cursor half = engine.cursor(sql, "");
        try {
          half.open();
        } catch (StatusRuntimeException e) {
          assertThat(e.getStatus().getDescription()).isNotBlank();
        }
        half.close();
        parametersStayParameters(engine, literals);
      }
    }
  }

  private static void attempt(Cursor cursor) {
    try {
      var _ = cursor.texts(1000);
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getDescription()).isNotBlank();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SET standard_conforming_strings = on",
        "SET LOCAL standard_conforming_strings TO on",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SET NAMES 'SJIS'",
        "RESET ALL",
        "RESET standard_conforming_strings",
        "DISCARD ALL",
        "BEGIN",
        "COMMIT",
        "ROLLBACK",
        "DO $$BEGIN SET standard_conforming_strings = on; END$$",
        "PREPARE p AS SELECT 1",
        "/* SELECT */ SET standard_conforming_strings = on",
        "-- SELECT\nSET standard_conforming_strings = on",
        "SELECT 1; SET standard_conforming_strings = on",
        "SELECT 'a'; COMMIT",
        "SELECT $$'$$; RESET ALL --'",
        "SELECT $a$\\'$a$; RESET ALL --'",
        "SELECT E'\\\\'; RESET ALL --'",
        "SELECT 1 /* ' */; RESET ALL --'",
        "SELECT 1 -- '\n; RESET ALL --'",
        "SELECT 1 AS \"'\"; RESET ALL --'",
        "SELECT 1 AS \"\\\"; RESET ALL --\""
      })
  void whatSetsSomethingIsRefusedHoweverLiteralsAreRead(String sql) throws Exception {
    for (Literals literals : Literals.values()) {
      try (QueryEngine engine = engine(literals)) {
        assertThatThrownBy(() -> engine.check(sql)).hasMessageStartingWith("INVALID_ARGUMENT");
      }
    }
  }

  @Test
  void theCheckReadsLiteralsAsPostgresDoes() throws Exception {
    try (QueryEngine backslash = engine(Literals.BACKSLASH);
        QueryEngine standard = engine(Literals.STANDARD)) {
      String one = "SELECT 'a\\'; SELECT 2 --'";
      assertThat(column(backslash, one)).containsExactly("a'; SELECT 2 --");
      assertThatThrownBy(() -> standard.check(one)).hasMessageContaining("One statement at a time");

      String two = "SELECT 'a\\\\'; RESET ALL --'";
      assertThatThrownBy(() -> backslash.check(two)).hasMessageContaining("One statement");
      assertThatThrownBy(() -> standard.check(two)).hasMessageContaining("One statement");

      // Literals of other kinds are read alike in both.
      for (QueryEngine engine : List.of(backslash, standard)) {
        assertThat(column(engine, "SELECT E'a\\'; SELECT 2 --'"))
            .containsExactly("a'; SELECT 2 --");
        assertThat(column(engine, "SELECT $$a\\$$")).containsExactly("a\\");
        assertThat(column(engine, "SELECT $q$it's \\$q$")).containsExactly("it's \\");
        assertThat(column(engine, "SELECT B'101'::text")).containsExactly("101");
        assertThat(column(engine, "SELECT 'a'\n  'b'")).containsExactly("ab");
      }
      assertThat(column(backslash, "SELECT N'a\\'b'")).containsExactly("a'b");
      assertThat(column(backslash, "SELECT 'a'\n'\\'b'")).containsExactly("a'b");
      assertThat(column(standard, "SELECT U&'d\\0061t'")).containsExactly("dat");
      assertThatThrownBy(() -> column(backslash, "SELECT U&'d\\0061t'"))
          .hasMessageContaining("unsafe use of string constant with Unicode escapes");
      // Where the driver and PostgreSQL differ, PostgreSQL takes one statement and no more.
      for (String sql :
          List.of(
              "SELECT B'\\'; RESET ALL --'",
              "SELECT X'\\'; RESET ALL --'",
              "SELECT B'1'\n'\\'; RESET ALL --'",
              "SELECT U&'\\'; RESET ALL --'",
              "SELECT E'a'\n'\\'; RESET ALL --'")) {
        for (QueryEngine engine : List.of(backslash, standard)) {
          attemptOrRefuse(engine, sql);
        }
      }
      parametersStayParameters(backslash, Literals.BACKSLASH);
      parametersStayParameters(standard, Literals.STANDARD);
    }
  }

  private static void attemptOrRefuse(QueryEngine engine, String sql) {
    try {
      List<@Nullable String> rows = column(engine, sql);
      // Only what is one literal for PostgreSQL gets here.
      assertThat(Objects.requireNonNull(rows.getFirst())).contains("; RESET ALL --");
    } catch (StatusRuntimeException e) {
      assertThat(e.getMessage()).startsWith("INVALID_ARGUMENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesThatClientsAskForStayNames(Literals literals) throws Exception {
    jdbi(databases.blue())
        .useHandle(h -> {
          h.execute("CREATE SCHEMA \"a\\\"");
          h.execute("CREATE TABLE \"a\\\".inside (id int)");
        });
    try (QueryEngine engine = engine(literals)) {
      assertThat(engine.tables("a\\").texts(10).getFirst()).containsExactly("inside");
      for (String parameter : PARAMETERS) {
        assertThat(engine.tables(parameter).texts(10)).isEmpty();
        assertThat(engine.cursor("SELECT 1", parameter).texts(10).getFirst()).containsExactly("1");
      }
    }
  }
}
