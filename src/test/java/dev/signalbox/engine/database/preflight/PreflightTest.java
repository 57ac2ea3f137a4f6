package dev.signalbox.engine.database.preflight;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.support.TestDatabases;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each finding names what is wrong, and what it gives to copy makes it pass.
final class PreflightTest {
  private static final List<String> ALL = List.of();

  private TestDatabases databases;

  @BeforeEach
  void open() throws SQLException {
    databases = TestDatabases.create();
    on(databases.blue(), "CREATE TABLE fine (id int PRIMARY KEY, v text)");
  }

  @AfterEach
  void close() throws SQLException {
    databases.close();
  }

  private static void on(PostgresServer server, String sql) throws SQLException {
    jdbi(server).useHandle(h -> Verbatim.run(h, sql));
  }

  private List<Finding> blocking(PostgresServer source, PostgresServer target) throws SQLException {
    return jdbi(source)
        .withHandle(
            here -> jdbi(target).withHandle(there -> Preflight.look(here, there, Colour.BLUE, ALL)))
        .stream()
        .filter(Finding::blocks)
        .toList();
  }

  private List<Finding> blocking() throws SQLException {
    return blocking(databases.blue(), databases.green());
  }

  @Test
  void nothingIsInTheWayOfAnOrdinaryTable() throws Exception {
    assertThat(blocking()).isEmpty();
  }

  @Test
  void aRoleWithoutAnyRightMayDoEverythingWhenWhatIsMissingWasGranted() throws Exception {
    String role = "bare_" + databases.blue().coordinates().database();
    for (Colour colour : Colour.values()) {
      on(
          databases.asSuperuser(colour),
          "CREATE ROLE "
              + role
              + " LOGIN PASSWORD 'p'; CREATE SCHEMA app; CREATE ROLE "
              + role
              + "_owner");
    }
    on(
        databases.asSuperuser(Colour.BLUE),
        "CREATE TABLE app.t (id int PRIMARY KEY); ALTER TABLE app.t OWNER TO "
            + role
            + "_owner; CREATE ROLE "
            + role
            + "_new; ALTER SCHEMA app OWNER TO "
            + role
            + "_new");
    try {
      PostgresServer blue = as(databases.blue(), role);
      PostgresServer green = as(databases.green(), role);
      List<Finding> findings = blocking(blue, green);
      assertThat(findings)
          .extracting(Finding::toString)
          .anySatisfy(s -> assertThat(s).contains("pg_create_subscription"))
          .anySatisfy(s -> assertThat(s).contains("GRANT CREATE ON DATABASE"))
          .anySatisfy(s -> assertThat(s).contains("REPLICATION"))
          .anySatisfy(s -> assertThat(s).contains("pg_monitor"))
          .anySatisfy(s -> assertThat(s).contains("CREATEROLE"))
          .anySatisfy(s -> assertThat(s).contains(role + "_owner", "WITH INHERIT TRUE, SET TRUE"));
      // Some are seen only when others are granted.
      for (int round = 0; round < 3; round++) {
        for (Finding finding : blocking(blue, green)) {
          assertThat(finding.remedy()).as(finding.sentence()).endsWith(";");
          on(databases.asSuperuser(finding.where()), finding.remedy());
        }
      }
      assertThat(blocking(blue, green)).isEmpty();
    } finally {
      for (Colour colour : Colour.values()) {
        on(
            databases.asSuperuser(colour),
            "DROP SCHEMA app CASCADE; DROP OWNED BY "
                + role
                + "; DROP ROLE "
                + role
                + "; DROP ROLE "
                + role
                + "_owner; DROP ROLE IF EXISTS "
                + role
                + "_new");
      }
    }
  }

  private static PostgresServer as(PostgresServer server, String role) {
    Coordinates at = server.coordinates();
    return new PostgresServer(
        server.colour(), new Coordinates(at.host(), at.port(), at.database(), role, "p"));
  }

  static Stream<Arguments> tables() {
    return Stream.of(
        Arguments.of("CREATE UNLOGGED TABLE t (id int PRIMARY KEY)", "UNLOGGED"),
        Arguments.of("CREATE TABLE t (id int)", "no replica identity"),
        Arguments.of("CREATE TABLE t (id int PRIMARY KEY DEFERRABLE)", "DEFERRABLE key"),
        Arguments.of(
            "CREATE TABLE t (id int PRIMARY KEY); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql"
                + " AS 'BEGIN RETURN NEW; END'; CREATE TRIGGER \"tr g\" BEFORE INSERT ON t FOR EACH ROW"
                + " EXECUTE FUNCTION f(); ALTER TABLE t ENABLE ALWAYS TRIGGER \"tr g\"",
            "fires also when replication writes"),
        Arguments.of(
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t ENABLE ROW LEVEL SECURITY, FORCE ROW"
                + " LEVEL SECURITY",
            "FORCE ROW LEVEL SECURITY"),
        Arguments.of(
            "CREATE TABLE t (id int PRIMARY KEY); ALTER TABLE t REPLICA IDENTITY NOTHING",
            "no replica identity"));
  }

  @ParameterizedTest
  @MethodSource("tables")
  void aTableThatCannotBeReplicatedIsNamedAndWhatHelpsIsGiven(String statements, String words)
      throws Exception {
    on(databases.blue(), statements);
    List<Finding> findings = blocking();
    assertThat(findings).singleElement().asString().contains("able t of blue", words);
    on(databases.blue(), findings.getFirst().remedy());
    assertThat(blocking()).isEmpty();
  }

  @Test
  void aKeyWithAGeneratedColumnIsNamed() throws Exception {
    on(
        databases.blue(),
        "CREATE TABLE t (a int NOT NULL, b int GENERATED ALWAYS AS (a + 1) STORED PRIMARY KEY)");
    assertThat(blocking()).singleElement().asString().contains("generated column b in its key");
  }

  /// A key that no check of ours knows to be unfit would be found, too, and nothing is left.
  @Test
  void publishingIsTriedWithoutATrace() throws Exception {
    on(
        databases.blue(),
        "CREATE TABLE keyless (id int); INSERT INTO keyless VALUES (1); CREATE TABLE fired (id int);"
            + " CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO fired VALUES"
            + " (1); RETURN NULL; END'; CREATE TRIGGER t AFTER DELETE ON keyless FOR EACH STATEMENT"
            + " EXECUTE FUNCTION f()");
    List<Finding> findings =
        jdbi(databases.blue()).withHandle(h -> PublicationTrial.look(h, Colour.BLUE, ALL));
    assertThat(findings)
        .hasSize(2)
        .allSatisfy(finding ->
            assertThat(finding.sentence())
                .contains(
                    "could not be changed any more once it is published", "replica identity"));
    assertThat(TestDatabases.count(databases.blue(), "pg_publication")).isZero();
    assertThat(TestDatabases.count(databases.blue(), "keyless")).isOne();
    assertThat(TestDatabases.count(databases.blue(), "fired")).isZero();
  }

  @Test
  void largeObjectsAreCounted() throws Exception {
    on(databases.blue(), "SELECT lo_from_bytea(0, 'x'), lo_from_bytea(0, 'y')");
    assertThat(blocking()).singleElement().asString().contains("blue holds 2 large objects");
    List<Finding> again =
        jdbi(databases.blue()).withHandle(h -> Preflight.again(h, Colour.BLUE, ALL));
    assertThat(again).hasSize(1);
  }

  @Test
  void aServerThatCannotReachTheOtherIsNamed() throws Exception {
    Coordinates at = databases.blue().coordinates();
    assertThat(connections(at)).isEmpty();
    assertThat(
            connections(
                new Coordinates(at.host(), at.port(), at.database(), at.user(), "wrong one")))
        .singleElement()
        .asString()
        .startsWith("The server of green cannot connect to blue (console@")
        .contains("password authentication failed")
        .doesNotContain("wrong one");
    assertThat(connections(new Coordinates("127.0.0.1", 1, at.database(), at.user(), "x")))
        .singleElement()
        .asString()
        .contains("Connection refused", "firewall to port 1 of 127.0.0.1");
    assertThat(TestDatabases.count(databases.green(), "pg_stat_subscription")).isZero();
  }

  private List<Finding> connections(Coordinates of) throws SQLException {
    return jdbi(databases.green())
        .withHandle(h ->
            Reach.ofServer(h, Colour.GREEN, new PostgresServer(Colour.BLUE, of)).stream().toList());
  }

  @Test
  void aLineThatIsMissingInTheHostFileIsGiven() {
    assertThat(
            Reach.ofConsole(
                    databases.blue(),
                    new SQLException(
                        "FATAL: no pg_hba.conf entry for host \"10.0.0.6\", user \"console\","
                            + " database \"shop\", no encryption"))
                .toString())
        .contains(
            "'host "
                + databases.blue().coordinates().database()
                + " console 10.0.0.6/32 scram-sha-256'");
  }

  @Test
  void aTableOfAnotherToolIsNotWrittenInto() throws Exception {
    on(databases.green(), "CREATE TABLE schema_version (installed_rank int PRIMARY KEY)");
    assertThat(blocking())
        .singleElement()
        .asString()
        .contains("schema_version of green is not Signalbox's", "installed_rank");
  }
}
