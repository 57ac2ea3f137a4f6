package dev.signalbox.engine.database.schema;

import static dev.signalbox.support.TestDatabases.jdbi;
import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.demo.postgres.PostgresInstallation;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.support.RealComponent;
import dev.signalbox.support.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each kind of object is carried by `pg_dump`, carried from the catalogue, or refused by name.
final class SchemaCarrierTest {
  private static final List<String> ALL = List.of();

  /// Where Debian's packages are.
  private static final Path INSTALLED = Path.of("/usr/lib/postgresql");

  /// What an object is, whatever its oid; with all that belongs to it.
  private static final String OBJECTS =
      """
      SELECT DISTINCT i.type || ' ' || i.identity FROM (
        SELECT 'pg_class'::regclass AS class, oid FROM pg_class WHERE relkind <> 't'
          AND NOT EXISTS (SELECT FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid
            WHERE x.indexrelid = pg_class.oid AND t.relkind = 't')
        UNION ALL SELECT 'pg_type'::regclass, oid FROM pg_type
        UNION ALL SELECT 'pg_proc'::regclass, oid FROM pg_proc
        UNION ALL SELECT 'pg_constraint'::regclass, oid FROM pg_constraint WHERE contype <> 'n'
        UNION ALL SELECT 'pg_attrdef'::regclass, oid FROM pg_attrdef
        UNION ALL SELECT 'pg_trigger'::regclass, oid FROM pg_trigger WHERE NOT tgisinternal
        UNION ALL SELECT 'pg_policy'::regclass, oid FROM pg_policy
        UNION ALL SELECT 'pg_rewrite'::regclass, oid FROM pg_rewrite
        UNION ALL SELECT 'pg_operator'::regclass, oid FROM pg_operator
        UNION ALL SELECT 'pg_opclass'::regclass, oid FROM pg_opclass
        UNION ALL SELECT 'pg_opfamily'::regclass, oid FROM pg_opfamily
        UNION ALL SELECT 'pg_collation'::regclass, oid FROM pg_collation
        UNION ALL SELECT 'pg_conversion'::regclass, oid FROM pg_conversion
        UNION ALL SELECT 'pg_ts_config'::regclass, oid FROM pg_ts_config
        UNION ALL SELECT 'pg_ts_dict'::regclass, oid FROM pg_ts_dict
        UNION ALL SELECT 'pg_statistic_ext'::regclass, oid FROM pg_statistic_ext
        UNION ALL SELECT 'pg_cast'::regclass, oid FROM pg_cast
        UNION ALL SELECT 'pg_am'::regclass, oid FROM pg_am
        UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid FROM pg_foreign_data_wrapper
        UNION ALL SELECT 'pg_foreign_server'::regclass, oid FROM pg_foreign_server
        UNION ALL SELECT 'pg_event_trigger'::regclass, oid FROM pg_event_trigger
        UNION ALL SELECT 'pg_default_acl'::regclass, oid FROM pg_default_acl
      ) o CROSS JOIN LATERAL pg_identify_object(o.class, o.oid, 0) i
      WHERE o.oid >= 16384 AND i.identity ~ :kind
      UNION ALL SELECT 'acl ' || c.relname || coalesce((SELECT string_agg(format('%s %s %s', pg_get_userbyid(a.grantee),
          a.privilege_type, a.is_grantable), ',' ORDER BY pg_get_userbyid(a.grantee), a.privilege_type)
          FROM aclexplode(c.relacl) a WHERE a.privilege_type <> 'MAINTAIN'), '') || pg_get_userbyid(c.relowner)
        FROM pg_class c WHERE c.relnamespace = to_regnamespace(:schema) AND c.relkind IN ('r', 'p')
          AND c.relacl IS NOT NULL
      UNION ALL SELECT 'comment ' || d.description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid
        WHERE c.relnamespace = to_regnamespace(:schema)
      """;

  @TempDir private Path folder;
  private TestDatabases databases;

  @BeforeEach
  void open() throws SQLException {
    databases = TestDatabases.create();
  }

  @AfterEach
  void close() throws SQLException {
    databases.close();
  }

  @Test
  void eachKindOfObjectIsCarriedOrRefusedByName() throws Exception {
    Map<String, String> kinds = ObjectKinds.all();
    Map<String, String> byCatalogue = new LinkedHashMap<>();
    PostgresServer blue = databases.asSuperuser(Colour.BLUE);
    PostgresServer green = databases.asSuperuser(Colour.GREEN);
    create(blue, kinds);
    List<String> refused =
        jdbi(blue)
            .withHandle(
                here -> jdbi(green).withHandle(there -> SchemaCarrier.uncarried(here, there, ALL)));
    int number = 0;
    for (String kind : kinds.keySet()) {
      String schema = "k" + number++;
      String named =
          String.join(
              ", ",
              refused.stream().filter(r -> r.matches(".*\\b" + schema + "(\\.|_).*")).toList());
      if (!named.isEmpty()) {
        byCatalogue.put(kind, "refused: " + named);
        jdbi(blue).useHandle(h -> Verbatim.run(h, dropping(schema)));
      }
    }
    carry(blue, green);
    number = 0;
    for (String kind : kinds.keySet()) {
      String schema = "k" + number++;
      byCatalogue.computeIfAbsent(kind, _ -> compared(blue, green, schema));
    }

    Map<String, String> byDump = new LinkedHashMap<>();
    int major = oldest();
    try (EmbeddedPostgres old = older(major);
        TestDatabases another = TestDatabases.create()) {
      PostgresServer source = new PostgresServer(Colour.BLUE, old.coordinates("postgres"));
      PostgresServer target = another.asSuperuser(Colour.GREEN);
      create(source, kinds);
      jdbi(source)
          .useHandle(here ->
              jdbi(target)
                  .useHandle(
                      there -> assertThat(SchemaCarrier.uncarried(here, there, ALL)).isEmpty()));
      assertThat(carry(source, target)).isEqualTo("pg_dump " + major);
      number = 0;
      for (String kind : kinds.keySet()) {
        byDump.put(kind, compared(source, target, "k" + number++));
      }
    }
    write(byDump, byCatalogue);
    assertThat(byDump).allSatisfy((kind, cell) -> assertThat(cell).as(kind).isEqualTo("carried"));
    assertThat(byCatalogue)
        .allSatisfy((kind, cell) -> assertThat(cell).as(kind).matches("carried|refused: .+"));
    assertThat(byCatalogue.values().stream().filter("carried"::equals).count()).isGreaterThan(25);
  }

  /// An older server that a package brings, with the `pg_dump` of its version.
  private EmbeddedPostgres older(int major) throws Exception {
    return EmbeddedPostgres.start(
        folder,
        "old",
        Map.of("fsync", "off"),
        PostgresInstallation.of(INSTALLED.resolve(Integer.toString(major)), major));
  }

  private static int oldest() throws Exception {
    if (Files.isDirectory(INSTALLED)) {
      try (Stream<Path> versions = Files.list(INSTALLED)) {
        Optional<Integer> oldest =
            versions
                .filter(each -> Files.isExecutable(each.resolve("bin/postgres")))
                .filter(each -> Files.isExecutable(each.resolve("bin/pg_dump")))
                .map(each -> Integer.parseInt(each.getFileName().toString()))
                .min(Comparator.naturalOrder());
        if (oldest.isPresent()) {
          return oldest.get();
        }
      }
    }
    RealComponent.missing("no PostgreSQL is installed in " + INSTALLED);
    return 0;
  }

  private static void create(PostgresServer server, Map<String, String> kinds) throws SQLException {
    jdbi(server)
        .useHandle(h -> {
          for (String role : List.of("owner", "reader")) {
            Verbatim.run(
                h,
                "DO $$ BEGIN CREATE ROLE "
                    + role
                    + "; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
          }
          int number = 0;
          for (String statements : kinds.values()) {
            String schema = "k" + number++;
            Verbatim.run(h, "CREATE SCHEMA " + schema + "; " + statements.replace("@", schema));
          }
        });
  }

  private static String dropping(String schema) {
    return "DROP EVENT TRIGGER IF EXISTS "
        + schema
        + "_e; DROP FOREIGN DATA WRAPPER IF EXISTS "
        + schema
        + "_w CASCADE; DROP FOREIGN DATA WRAPPER IF EXISTS "
        + schema
        + "_x CASCADE; DROP ACCESS METHOD IF EXISTS "
        + schema
        + "_m; DROP SCHEMA "
        + schema
        + " CASCADE";
  }

  /// Both parts.
  ///
  /// @return what read the schema
  private static String carry(PostgresServer source, PostgresServer target) throws SQLException {
    return jdbi(source)
        .withHandle(here ->
            jdbi(target)
                .inTransaction(there -> {
                  SchemaCarrier.Carried carried =
                      SchemaCarrier.carry(here, source.coordinates(), there, ALL);
                  for (String statement : carried.later()) {
                    Verbatim.run(there, statement);
                  }
                  return carried.by();
                }));
  }

  private static String compared(PostgresServer source, PostgresServer target, String schema) {
    List<String> here = jdbi(source).withHandle(h -> objects(h, schema));
    List<String> there = jdbi(target).withHandle(h -> objects(h, schema));
    assertThat(here).as(schema).isNotEmpty();
    List<String> lost = new ArrayList<>(here);
    lost.removeAll(there);
    List<String> more = new ArrayList<>(there);
    more.removeAll(here);
    return lost.isEmpty() && more.isEmpty() ? "carried" : "lost " + lost + ", more " + more;
  }

  private static List<String> objects(Handle h, String schema) {
    return h.createQuery(OBJECTS)
        .bind("kind", "\\m" + schema + "(\\.|_|$| )")
        .bind("schema", schema)
        .mapTo(String.class)
        .list();
  }

  /// For the docs, and for who reads the build.
  private static void write(Map<String, String> byDump, Map<String, String> byCatalogue)
      throws Exception {
    StringBuilder table = new StringBuilder("| kind | pg_dump | catalogue |\n|---|---|---|\n");
    new TreeMap<>(byDump)
        .forEach((kind, cell) ->
            table
                .append("| ")
                .append(kind)
                .append(" | ")
                .append(cell)
                .append(" | ")
                .append(byCatalogue.get(kind))
                .append(" |\n"));
    Files.writeString(Path.of("target", "object-kinds.md"), table);
  }
}
