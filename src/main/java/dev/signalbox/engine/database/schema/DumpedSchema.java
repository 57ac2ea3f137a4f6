package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.database.migration.ScriptException;
import dev.signalbox.engine.database.migration.SqlSplitter;
import dev.signalbox.engine.database.migration.SqlStatement;
import dev.signalbox.engine.database.schema.PgDump.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/// A schema as `pg_dump` wrote it, cut in two.
final class DumpedSchema {
  private static final long CONSTRAINTS = 2606;
  private static final long RELATIONS = 1259;

  /// From the first of these on come those that `pg_dump` itself restores after the rows.
  private static final Set<String> AFTER_THE_ROWS =
      Set.of(
          "INDEX",
          "INDEX ATTACH",
          "CONSTRAINT",
          "CHECK CONSTRAINT",
          "FK CONSTRAINT",
          "TRIGGER",
          "EVENT TRIGGER",
          "RULE",
          "POLICY",
          "ROW SECURITY",
          "STATISTICS",
          "ACL",
          "DEFAULT ACL",
          "PUBLICATION",
          "MATERIALIZED VIEW DATA");

  /// The keys by which changes find their rows.
  private static final String KEYS =
      """
      SELECT k.oid::bigint FROM pg_constraint k WHERE k.contype = 'p' OR k.contype = 'u'
        AND EXISTS (SELECT FROM pg_index i WHERE i.indexrelid = k.conindid AND i.indisreplident)
      UNION ALL SELECT i.indexrelid::bigint FROM pg_index i WHERE i.indisreplident
      """;

  private DumpedSchema() {}

  /// @throws ScriptException when what `pg_dump` wrote cannot be understood
  static SchemaScript of(List<Entry> entries, Handle source) throws ScriptException {
    Set<Long> keys = Set.copyOf(source.select(KEYS).mapTo(Long.class).list());
    List<String> schemas = new ArrayList<>();
    List<List<String>> first = new ArrayList<>();
    List<String> later = new ArrayList<>();
    boolean after = false;
    for (Entry entry : entries) {
      if (entry.sql().startsWith("COMMENT ON EXTENSION")) {
        // Only who created the extension may do that.
        continue;
      }
      List<String> statements =
          SqlSplitter.split(entry.type(), asRole(entry)).stream().map(SqlStatement::text).toList();
      after |= AFTER_THE_ROWS.contains(entry.type());
      boolean key =
          (entry.catalogue() == CONSTRAINTS || entry.catalogue() == RELATIONS)
              && keys.contains(entry.oid());
      if (entry.type().equals("SCHEMA")) {
        schemas.addAll(statements);
      } else if (after && !key) {
        later.addAll(statements);
      } else {
        first.add(statements);
      }
    }
    return new SchemaScript(schemas, first, List.of(later));
  }

  /// A grant by somebody else than the owner is made as that role: without superuser it is enough
  /// to be its member.
  private static String asRole(Entry entry) {
    return entry.type().equals("ACL")
        ? entry
            .sql()
            .replaceAll("(?m)^SET SESSION AUTHORIZATION ", "SET ROLE ")
            .replaceAll("(?m)^RESET SESSION AUTHORIZATION", "RESET ROLE")
        : entry.sql();
  }
}
