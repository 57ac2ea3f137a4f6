package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Schemas;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.Handle;

/// What must be true of the two servers before a release begins, and what is good to know. Leaves
/// nothing behind: what it tries, it rolls back.
public final class Preflight {
  /// Columns of our own `public.schema_version`.
  private static final List<String> HISTORY =
      List.of("id", "version", "description", "checksum", "script", "outcome", "detail");

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Handle source;
  private final Handle target;
  private final Colour colour;
  private final List<String> schemas;
  private final List<Finding> findings = new ArrayList<>();

  private Preflight(Handle source, Handle target, Colour colour, List<String> schemas) {
    this.source = source;
    this.target = target;
    this.colour = colour;
    this.schemas = schemas;
  }

  /// @param source and `target` in no transaction
  /// @param colour of the source
  public static List<Finding> look(
      Handle source, Handle target, Colour colour, List<String> schemas) throws SQLException {
    Preflight preflight = new Preflight(source, target, colour, schemas);
    preflight.all();
    return List.copyOf(preflight.findings);
  }

  private void all() throws SQLException {
    same();
    findings.addAll(ServerChecks.look(source, colour));
    findings.addAll(ServerChecks.look(target, colour.other()));
    findings.addAll(Privileges.ofSource(source, colour, schemas));
    findings.addAll(Privileges.ofTarget(target, colour.other(), source, schemas));
    List<Finding> tables = TableChecks.look(source, colour, schemas);
    findings.addAll(tables);
    if (findings.stream().noneMatch(Finding::blocks)) {
      // What the catalogue tells has the better sentences.
      findings.addAll(PublicationTrial.look(source, colour, schemas));
    }
    findings.addAll(CarryChecks.look(source, target, colour, schemas));
    largeObjects();
    extensions();
    foreignKeys();
    history(source, colour);
    history(target, colour.other());
    locale();
  }

  /// Looks at both databases as a release does before it begins: what [#look] tells, and whether
  /// everybody reaches whom he must.
  ///
  /// @param servers of both sides
  /// @param colour of the source
  public static List<Finding> all(
      Map<Colour, PostgresServer> servers, Colour colour, List<String> schemas)
      throws SQLException {
    List<Finding> findings = new ArrayList<>();
    PostgresServer source = Objects.requireNonNull(servers.get(colour));
    PostgresServer target = Objects.requireNonNull(servers.get(colour.other()));
    try (PostgresSession here = PostgresSession.open(source, "preflight", PATIENCE);
        PostgresSession there = PostgresSession.open(target, "preflight", PATIENCE)) {
      here.run(h ->
          there.run(t -> {
            findings.addAll(look(h, t, colour, schemas));
            Reach.ofServer(t, colour.other(), source).ifPresent(findings::add);
            Reach.ofServer(h, colour, target).ifPresent(findings::add);
          }));
    }
    return findings;
  }

  /// What may have come since the release began, and would be left behind by the move to the new
  /// side.
  public static List<Finding> again(Handle source, Colour colour, List<String> schemas) {
    List<Finding> findings = new ArrayList<>(TableChecks.look(source, colour, schemas));
    largeObjects(source, colour, findings);
    return findings.stream().filter(Finding::blocks).toList();
  }

  private void block(Colour where, String sentence, String remedy) {
    findings.add(Finding.block(where, sentence, remedy));
  }

  private void same() {
    String identity =
        "SELECT system_identifier::text || ' ' || current_database() FROM pg_control_system()";
    if (text(source, identity).equals(text(target, identity))) {
      block(colour, "Blue and green are the same database; give each stack its own server.", "");
    }
  }

  private void largeObjects() {
    largeObjects(source, colour, findings);
  }

  private static void largeObjects(Handle source, Colour colour, List<Finding> findings) {
    long count =
        source.select("SELECT count(*) FROM pg_largeobject_metadata").mapTo(long.class).one();
    if (count > 0) {
      findings.add(
          Finding.block(
              colour,
              colour
                  + " holds "
                  + count
                  + " large objects, which are not replicated. Move them into a bytea column, or"
                  + " remove those that nothing refers to (vacuumlo).",
              ""));
    }
  }

  private void extensions() {
    List<String> wanted =
        source.select("SELECT extname FROM pg_extension ORDER BY 1").mapTo(String.class).list();
    List<String> there =
        target.select("SELECT name FROM pg_available_extensions").mapTo(String.class).list();
    List<String> missing = wanted.stream().filter(name -> !there.contains(name)).toList();
    if (!missing.isEmpty()) {
      block(
          colour.other(),
          "Extensions "
              + String.join(", ", missing)
              + " of "
              + colour
              + " are not installed on "
              + colour.other()
              + "; install their packages there.",
          "");
    }
  }

  private void foreignKeys() {
    List<String> foreign =
        source
            .createQuery(
                """
                SELECT DISTINCT n.nspname FROM pg_constraint k
                  JOIN pg_class c ON c.oid = k.confrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                  JOIN pg_class o ON o.oid = k.conrelid JOIN pg_namespace m ON m.oid = o.relnamespace
                WHERE k.contype = 'f' AND
                """
                    + Schemas.of("m")
                    + " AND NOT "
                    + Schemas.of("n"))
            .bind("schemas", schemas)
            .mapTo(String.class)
            .list();
    if (!foreign.isEmpty()) {
      block(
          colour,
          "Foreign keys lead to schema "
              + String.join(", ", foreign)
              + ", which is not among 'schemas'; add it.",
          "");
    }
  }

  /// Another tool's table of that name would be written into.
  private void history(Handle h, Colour where) {
    List<String> columns =
        Catalogue.columns(h, Catalogue.HISTORY).stream().map(Catalogue.Column::name).toList();
    if (!columns.isEmpty() && !columns.containsAll(HISTORY)) {
      block(
          where,
          "Table "
              + Catalogue.HISTORY
              + " of "
              + where
              + " is not Signalbox's: it has the columns "
              + String.join(", ", columns)
              + ". Rename it; Signalbox keeps the history of its migrations in a table of that name.",
          "ALTER TABLE public.schema_version RENAME TO …");
    }
  }

  private void locale() {
    String sql =
        """
        SELECT pg_encoding_to_char(encoding) AS encoding, datlocprovider::text AS provider,
          datcollate AS collation, coalesce(datcollversion, '') AS version
        FROM pg_database WHERE datname = current_database()
        """;
    Locale here = source.select(sql).mapTo(Locale.class).one();
    Locale there = target.select(sql).mapTo(Locale.class).one();
    if (!here.encoding().equals(there.encoding())) {
      block(
          colour.other(),
          "The encodings differ: "
              + here.encoding()
              + " on "
              + colour
              + ", "
              + there.encoding()
              + " on "
              + colour.other()
              + ". Create the target anew with the encoding of "
              + colour
              + ".",
          "");
    } else if (!here.equals(there)) {
      findings.add(
          Finding.warn(
              colour.other(),
              "The collations differ ("
                  + here
                  + " and "
                  + there
                  + "): text sorts differently, which is fine for replication.",
              ""));
    }
  }

  record Locale(String encoding, String provider, String collation, String version) {
    @Override
    public String toString() {
      return (collation + " " + version).strip();
    }
  }

  private static String text(Handle h, String sql) {
    return h.select(sql).mapTo(String.class).findOne().orElse("");
  }
}
