package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.postgres.Identifiers;
import dev.signalbox.engine.database.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/// Sequences are not replicated. After the fence their values are read on the old side and set on
/// the new one: all of them, owned by a column or not, never backwards, and a cushion ahead,
/// because values may still be drawn on the old side without a write.
public final class Sequences {
  /// Values left out at each move.
  static final int CUSHION = 32;

  private Sequences() {}

  public static List<Sequence> all(Connection c, List<String> schemas) throws SQLException {
    return Sql.list(
        c,
        "SELECT schemaname, sequencename, increment_by, min_value, max_value FROM pg_sequences WHERE"
            + " schemaname = ANY (?) ORDER BY 1, 2",
        row ->
            new Sequence(
                new TableName(row.getString(1), row.getString(2)),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5)),
        schemas);
  }

  /// One statement that reads all values in the order given; empty when there is no sequence.
  public static String reading(List<Sequence> sequences) {
    return sequences.stream()
        .map(s -> "SELECT last_value, is_called FROM " + Identifiers.quote(s.name()))
        .collect(Collectors.joining(" UNION ALL "));
  }

  public static List<Value> read(Connection c, String reading) throws SQLException {
    return reading.isEmpty()
        ? List.of()
        : Sql.list(c, reading, row -> new Value(row.getLong(1), row.getBoolean(2)));
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

  /// @param minimum and @param maximum its bounds
  public record Sequence(TableName name, long increment, long minimum, long maximum) {
    long ahead(long last) {
      try {
        long ahead = Math.addExact(last, Math.multiplyExact(increment, (long) CUSHION));
        return Math.clamp(ahead, minimum, maximum);
      } catch (ArithmeticException e) {
        return increment > 0 ? maximum : minimum;
      }
    }
  }

  public record Value(long last, boolean called) {}
}
