package dev.signalbox.engine.database.move;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Schemas;
import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/// Sequences are not replicated. After the fence their values are read on the old side and set on
/// the new one: all of them, owned by a column or not, never backwards, and a cushion ahead,
/// because values may still be drawn on the old side without a write.
public final class Sequences {
  /// Values left out at each move.
  static final int CUSHION = 32;

  /// Values left out for a sequence that no column shows, when the side that used it cannot be
  /// asked.
  static final int BLIND = 1024;

  /// Whole numbers that are drawn from a sequence, by ownership or by a default, and can be found
  /// at the end of an index. Without an index nothing can be a duplicate.
  private static final String COLUMNS =
      """
      WITH drawn AS (
        SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid AS number
        FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass
          AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
        UNION
        SELECT d.refobjid, f.adrelid, f.adnum
        FROM pg_depend d JOIN pg_attrdef f ON d.classid = 'pg_attrdef'::regclass AND f.oid = d.objid
        WHERE d.refclassid = 'pg_class'::regclass
      )
      SELECT ARRAY[sn.nspname, s.relname]::text[] AS sequence,
        ARRAY[tn.nspname, t.relname]::text[] AS table, a.attname AS name
      FROM drawn
        JOIN pg_class s ON s.oid = drawn.sequence AND s.relkind = 'S'
        JOIN pg_namespace sn ON sn.oid = s.relnamespace
        JOIN pg_class t ON t.oid = drawn.relation AND t.relkind IN ('r', 'p')
        JOIN pg_namespace tn ON tn.oid = t.relnamespace
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = drawn.number
        JOIN pg_type y ON y.oid = a.atttypid
      WHERE
      """
          + Schemas.of("sn")
          + """
            AND coalesce(nullif(y.typbasetype, 0), y.oid)
              IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
            AND EXISTS (SELECT FROM pg_index i
                        WHERE i.indrelid = t.oid AND i.indisvalid AND i.indkey[0] = a.attnum)
          """;

  private Sequences() {}

  public static List<Sequence> all(Handle h, List<String> schemas) {
    return h.createQuery(
            """
            SELECT ARRAY[schemaname, sequencename]::text[] AS name, increment_by AS increment,
              min_value AS minimum, max_value AS maximum
            FROM pg_sequences WHERE
            """
                + Schemas.named("schemaname")
                + " ORDER BY schemaname, sequencename")
        .bind("schemas", schemas)
        .mapTo(Sequence.class)
        .list();
  }

  /// One statement that reads all values in the order given; empty when there is no sequence.
  public static String reading(List<Sequence> sequences) {
    return sequences.stream()
        .map(s ->
            "SELECT last_value AS last, is_called AS called FROM " + Identifiers.quote(s.name()))
        .collect(Collectors.joining(" UNION ALL "));
  }

  public static List<Value> read(Handle h, String reading) {
    return reading.isEmpty() ? List.of() : h.select(reading).mapTo(Value.class).list();
  }

  /// One statement that sets all of them. A sequence that was never drawn from on the old side is
  /// set to where it stands there, without a cushion.
  public static String setting(List<Sequence> sequences, List<Value> values) {
    StringBuilder sql = new StringBuilder("SELECT 1");
    for (int i = 0; i < sequences.size(); i++) {
      Sequence s = sequences.get(i);
      Value v = values.get(i);
      long ahead = v.called() ? s.ahead(v.last()) : v.last();
      String quoted = Identifiers.quote(s.name());
      // is_called of the new side must survive when the new side is ahead or equal already.
      sql.append(", (SELECT setval(")
          .append(Identifiers.literal(quoted))
          .append("::regclass, ")
          .append(ahead)
          .append(", ")
          .append(v.called())
          .append(") FROM ")
          .append(quoted)
          .append(" WHERE last_value ")
          .append(s.increment() > 0 ? "< " : "> ")
          .append(ahead)
          .append(v.called() ? " OR (last_value = " + ahead + " AND NOT is_called))" : ")");
    }
    return sql.toString();
  }

  /// Raises every sequence behind the rows that are here, for a side that goes on without the other
  /// one: rows that came from there carry numbers that were never drawn here. A sequence that no
  /// column shows is raised by [#BLIND] values; nobody can know how far the other side was.
  public static void raise(Handle h, List<String> schemas) throws SQLException {
    List<Sequence> all = all(h, schemas);
    List<Value> now = read(h, reading(all));
    List<Column> columns =
        h.createQuery(COLUMNS)
            .bind("schemas", schemas)
            .map(row ->
                new Column(
                    row.getColumn("sequence", TableName.class),
                    row.getColumn("table", TableName.class),
                    row.getColumn("name", String.class)))
            .list();
    List<Value> wanted = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      wanted.add(behindRows(h, all.get(i), now.get(i), columns));
    }
    Verbatim.run(h, setting(all, wanted));
  }

  private static Value behindRows(Handle h, Sequence s, Value now, List<Column> columns) {
    List<Column> shown = columns.stream().filter(k -> k.sequence().equals(s.name())).toList();
    if (shown.isEmpty()) {
      return now.called() ? new Value(s.ahead(now.last(), BLIND - CUSHION), true) : now;
    }
    Value furthest = now;
    for (Column column : shown) {
      String sql =
          "SELECT "
              + (s.increment() > 0 ? "max(" : "min(")
              + Identifiers.quote(column.name())
              + ")::bigint FROM "
              + Identifiers.quote(column.table());
      Optional<Long> last = h.select(sql).mapTo(Long.class).findOne();
      if (last.isPresent() && s.passes(last.get(), furthest)) {
        furthest = new Value(last.get(), true);
      }
    }
    return furthest;
  }

  private record Column(TableName sequence, TableName table, String name) {}

  /// @param minimum and @param maximum its bounds
  public record Sequence(TableName name, long increment, long minimum, long maximum) {
    long ahead(long last) {
      return ahead(last, CUSHION);
    }

    private long ahead(long last, long values) {
      try {
        long ahead = Math.addExact(last, Math.multiplyExact(increment, values));
        return Math.clamp(ahead, minimum, maximum);
      } catch (ArithmeticException e) {
        return increment > 0 ? maximum : minimum;
      }
    }

    /// Whether a value lies within the bounds and would be drawn after that one, or is that one.
    private boolean passes(long value, Value than) {
      return value >= minimum
          && value <= maximum
          && (increment > 0 ? value >= than.last() : value <= than.last());
    }
  }

  /// @param last the value drawn last, or, when none was drawn, the first one
  public record Value(long last, boolean called) {}
}
