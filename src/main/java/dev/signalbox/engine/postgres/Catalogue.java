package dev.signalbox.engine.postgres;

import dev.signalbox.engine.DatabaseView.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/// Which tables and columns belong to the service.
public final class Catalogue {
  /// The migrations' own table: each server has its own, it is neither replicated nor fenced.
  public static final TableName HISTORY = new TableName("public", "schema_version");

  private static final String TABLES =
      """
      SELECT n.nspname, c.relname, c.relkind::text, c.relpersistence::text, c.relreplident::text,
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid),
        coalesce((SELECT t.tgenabled::text FROM pg_trigger t
                  WHERE t.tgrelid = c.oid AND t.tgname = 'signalbox_fence'), ''),
        EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY (?) AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND NOT (n.nspname = 'public' AND c.relname = 'schema_version')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
                        AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"
      """;

  private static final String COLUMNS =
      """
      SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attgenerated <> '', t.typtype::text,
        a.attnotnull, a.atthasdef OR a.attidentity <> '',
        coalesce((SELECT array_position(i.indkey::int2[], a.attnum) FROM pg_index i
                  WHERE i.indrelid = a.attrelid AND i.indisprimary), -1),
        bt.typname, t.typcategory::text
      FROM pg_attribute a
        JOIN pg_type t ON t.oid = a.atttypid
        JOIN pg_type bt ON bt.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
      WHERE a.attrelid = to_regclass(?) AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """;

  private Catalogue() {}

  /// All tables of the service, sorted. Never in schema `signalbox`.
  public static List<Table> tables(Connection c, List<String> schemas) throws SQLException {
    return Sql.list(
        c,
        TABLES,
        row ->
            new Table(
                new TableName(row.getString(1), row.getString(2)),
                row.getString(3).equals("p"),
                row.getString(4).equals("u"),
                row.getString(5),
                row.getBoolean(6),
                row.getString(7),
                row.getBoolean(8)),
        schemas.stream().filter(s -> !s.equals("signalbox")).toList());
  }

  /// The columns of a table in their order; empty when there is no such table.
  public static List<Column> columns(Connection c, TableName table) throws SQLException {
    return Sql.list(
        c,
        COLUMNS,
        row ->
            new Column(
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                row.getString(4).equals("e"),
                row.getBoolean(5),
                row.getBoolean(6),
                row.getInt(7),
                row.getString(8),
                row.getString(9)),
        Identifiers.quote(table));
  }

  /// @param identity `d` default, `f` full, `i` index, `n` nothing
  /// @param fence state of the fence trigger as in `pg_trigger.tgenabled`; empty without one
  public record Table(
      TableName name,
      boolean partitioned,
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
