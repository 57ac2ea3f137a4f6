package dev.signalbox.engine.database.preflight;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Schemas;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Whether what the service has on the source can be replicated, table by table.
final class TableChecks {
  private static final String FACTS =
      """
      SELECT ARRAY[n.nspname, c.relname]::text[] AS name, c.relkind = 'p' AS partitioned,
        c.relpersistence = 'u' AS unlogged, c.relreplident::text AS identity,
        coalesce(k.name, '') AS key, coalesce(k.deferrable, false) AS deferrable,
        coalesce(k.generated, '') AS generated,
        ARRAY(SELECT t.tgname::text FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal
          AND t.tgenabled IN ('A', 'R') AND t.tgname <> 'signalbox_fence' ORDER BY 1) AS triggers,
        c.relforcerowsecurity AND c.relrowsecurity AS forced
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN LATERAL (
          SELECT i.indexrelid::regclass::text AS name, NOT i.indimmediate AS deferrable,
            (SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attgenerated <> '' AND a.attnum = ANY (i.indkey))
              AS generated
          FROM pg_index i WHERE i.indrelid = c.oid AND i.indisvalid
            AND CASE c.relreplident WHEN 'd' THEN i.indisprimary WHEN 'i' THEN i.indisreplident END
        ) k ON true
      WHERE
      """
          + Schemas.of("n")
          + """
           AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
            AND NOT (n.nspname = 'public' AND c.relname = 'schema_version')
            AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                            AND d.objid = c.oid AND d.deptype = 'e')
          ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
          """;

  private final Colour colour;
  private final List<Finding> findings = new ArrayList<>();

  private TableChecks(Colour colour) {
    this.colour = colour;
  }

  /// @param identity `d` default, `f` full, `i` index, `n` nothing
  /// @param key the index of the replica identity; empty without one
  /// @param generated the generated columns in it
  /// @param triggers those that fire also when replication writes
  /// @param forced whether row security holds for the owner, too
  record Facts(
      TableName name,
      boolean partitioned,
      boolean unlogged,
      String identity,
      String key,
      boolean deferrable,
      String generated,
      List<String> triggers,
      boolean forced) {
    String quoted() {
      return Identifiers.quote(name);
    }
  }

  static List<Finding> look(Handle h, Colour colour, List<String> schemas) {
    TableChecks checks = new TableChecks(colour);
    List<Facts> tables = h.createQuery(FACTS).bind("schemas", schemas).mapTo(Facts.class).list();
    if (Catalogue.tables(h, schemas).isEmpty()) {
      checks.block(
          colour
              + " has no table in "
              + Schemas.words(schemas)
              + "; look at 'schemas' in the file.",
          "");
    }
    for (Facts table : tables) {
      checks.logged(table);
      checks.identified(table);
      checks.triggers(table);
      checks.rowSecurity(table);
    }
    return List.copyOf(checks.findings);
  }

  private void block(String sentence, String remedy) {
    findings.add(Finding.block(colour, sentence, remedy));
  }

  private String named(Facts table) {
    return "Table " + table.name() + " of " + colour;
  }

  private void logged(Facts table) {
    if (table.unlogged()) {
      block(
          named(table) + " is UNLOGGED, so it cannot be replicated.",
          "ALTER TABLE " + table.quoted() + " SET LOGGED;");
    }
  }

  private void identified(Facts table) {
    if (table.partitioned()) {
      return;
    }
    String full = "ALTER TABLE " + table.quoted() + " REPLICA IDENTITY FULL;";
    if (table.identity().equals("f")) {
      findings.add(
          Finding.warn(
              colour, named(table) + " replicates whole rows (REPLICA IDENTITY FULL): slow.", ""));
    } else if (table.key().isEmpty()) {
      block(
          named(table)
              + " has no replica identity: once published, UPDATE and DELETE on it would fail. Add"
              + " a primary key, or:",
          full);
    } else if (table.deferrable()) {
      block(
          named(table)
              + " has a DEFERRABLE key, "
              + table.key()
              + ", which is no replica identity: once published, UPDATE and DELETE on it would fail."
              + " Make it NOT DEFERRABLE, name another unique index, or:",
          full);
    } else if (!table.generated().isEmpty()) {
      block(
          named(table)
              + " has the generated column "
              + table.generated()
              + " in its key, "
              + table.key()
              + ": once published, UPDATE and DELETE on it would fail. Name another unique index as"
              + " its replica identity.",
          "ALTER TABLE " + table.quoted() + " REPLICA IDENTITY USING INDEX …");
    }
  }

  private void triggers(Facts table) {
    for (String trigger : table.triggers()) {
      block(
          "Trigger "
              + trigger
              + " on table "
              + table.name()
              + " of "
              + colour
              + " fires also when replication writes (ENABLE ALWAYS or REPLICA): what it does would"
              + " be done twice.",
          "ALTER TABLE " + table.quoted() + " ENABLE TRIGGER " + Identifiers.quote(trigger) + ";");
    }
  }

  private void rowSecurity(Facts table) {
    if (table.forced()) {
      block(
          named(table)
              + " has FORCE ROW LEVEL SECURITY: replication writes as its owner, and would be"
              + " refused.",
          "ALTER TABLE " + table.quoted() + " NO FORCE ROW LEVEL SECURITY;");
    }
  }
}
