package dev.signalbox.engine.postgres;

import dev.signalbox.engine.DatabaseView.TableName;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Which tables and columns belong to the service.
public final class Catalogue {
  /// The migrations' own table: each server has its own, it is neither replicated nor fenced.
  public static final TableName HISTORY = new TableName("public", "schema_version");

  private static final String TABLES =
      """
      SELECT ARRAY[n.nspname, c.relname]::text[] AS name, c.relkind = 'p' AS partitioned,
        c.relispartition AS partition, c.relpersistence = 'u' AS unlogged, c.relreplident::text AS identity,
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid)
          AS primary_key,
        coalesce((SELECT t.tgenabled::text FROM pg_trigger t
                  WHERE t.tgrelid = c.oid AND t.tgname = 'signalbox_fence'), '') AS fence,
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid)
          AS identity_index
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
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

  private static final String COLUMNS =
      """
      SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
        a.attgenerated <> '' AS generated, t.typtype = 'e' AS enumeration, a.attnotnull AS required,
        a.atthasdef OR a.attidentity <> '' AS defaulted,
        coalesce((SELECT array_position(i.indkey::int2[], a.attnum) FROM pg_index i
                  WHERE i.indrelid = a.attrelid AND i.indisprimary), -1) AS key,
        bt.typname AS base, t.typcategory::text AS category
      FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_type bt ON bt.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
      WHERE a.attrelid = to_regclass(:table) AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """;

  private Catalogue() {}

  /// All tables of the service, sorted. Never in schema `signalbox`.
  public static List<Table> tables(Handle h, List<String> schemas) {
    return h.createQuery(TABLES).bind("schemas", schemas).mapTo(Table.class).list();
  }

  /// The columns of a table in their order; empty when there is no such table.
  public static List<Column> columns(Handle h, TableName table) {
    return h.createQuery(COLUMNS)
        .bind("table", Identifiers.quote(table))
        .mapTo(Column.class)
        .list();
  }

  /// @param partitioned whether its rows are in partitions
  /// @param partition whether it is one; then it may be partitioned itself
  /// @param identity `d` default, `f` full, `i` index, `n` nothing
  /// @param fence state of the fence trigger as in `pg_trigger.tgenabled`; empty without one
  public record Table(
      TableName name,
      boolean partitioned,
      boolean partition,
      boolean unlogged,
      String identity,
      boolean primaryKey,
      String fence,
      boolean identityIndex) {
    /// Whether UPDATE and DELETE can be replicated.
    public boolean identified() {
      return switch (identity) {
        case "f" -> true;
        case "i" -> identityIndex;
        case "n" -> false;
        case String other -> primaryKey;
      };
    }
  }

  /// @param type as `format_type` shows it
  /// @param key place in the primary key from 0; negative when not in it
  /// @param base name of the type, of the base type for a domain
  public record Column(
      String name,
      String type,
      boolean generated,
      boolean enumeration,
      boolean required,
      boolean defaulted,
      int key,
      String base,
      String category) {}
}
