package dev.signalbox.engine.database.consistency;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Sql;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Compares one table while it is written to.
///
/// Chunks of the primary key are counted and hashed on both sides. In a chunk that differs, the
/// keys that differ are found; each of them must then agree in one of several rounds: read on the
/// source, wait until everything written so far has arrived, read on the target, read on the source
/// again. The target must show what the source showed before or after. So a row that is being
/// written is no difference, and one that stands still and differs always is.
final class TableComparison {
  private static final int CHUNK = 20_000;
  private static final int ROUNDS = 25;
  private static final int MOST_KEYS = 20_000;

  private final TableName table;
  private final Connection source;
  private final Connection target;
  private final CatchUp catchUp;
  private final List<Catalogue.Column> key;
  private final String hash;
  private final String from;

  TableComparison(TableName table, Connection source, Connection target, CatchUp catchUp)
      throws SQLException {
    this.table = table;
    this.source = source;
    this.target = target;
    this.catchUp = catchUp;
    List<Catalogue.Column> here = Catalogue.columns(source, table);
    List<Catalogue.Column> common = RowHash.common(here, Catalogue.columns(target, table));
    this.key =
        common.stream()
            .filter(c -> c.key() >= 0)
            .sorted(Comparator.comparingInt(Catalogue.Column::key))
            .toList();
    this.hash = RowHash.of(common);
    this.from = " FROM " + Identifiers.quote(table);
  }

  /// @return rows seen, and a sentence for each difference
  Result run() throws SQLException, InterruptedException {
    return key.isEmpty() ? whole() : chunked();
  }

  private Result whole() throws SQLException, InterruptedException {
    String sql = "SELECT count(*), coalesce(sum(" + hash + "), 0)" + from;
    for (int round = 1; ; round++) {
      Sum before = sum(source, sql, List.of());
      catchUp.await();
      Sum there = sum(target, sql, List.of());
      Sum after = sum(source, sql, List.of());
      if (there.equals(before) || there.equals(after)) {
        return new Result(there.rows, List.of());
      }
      if (before.equals(after) || round == ROUNDS) {
        return new Result(
            before.rows,
            List.of(
                table
                    + " (without a primary key) has "
                    + after.rows
                    + " rows on the source, "
                    + there.rows
                    + " on the target, and they are not the same"));
      }
    }
  }

  private Result chunked() throws SQLException, InterruptedException {
    List<String> differences = new ArrayList<>();
    long rows = 0;
    List<String> low = List.of();
    while (true) {
      List<String> high = boundary(low);
      String where = where(low, high);
      List<String> values = concat(low, high);
      String sql = "SELECT count(*), coalesce(sum(" + hash + "), 0)" + from + where;
      Sum here = sum(source, sql, values);
      rows += here.rows;
      if (!here.equals(sum(target, sql, values))) {
        differences.addAll(keys(where, values));
      }
      if (high.isEmpty() || differences.size() > 100) {
        return new Result(rows, differences);
      }
      low = high;
    }
  }

  /// The key at the end of the chunk after `low`; empty for the last chunk.
  private List<String> boundary(List<String> low) throws SQLException {
    String select =
        key.stream()
            .map(c -> Identifiers.quote(c.name()) + "::text")
            .collect(Collectors.joining(", "));
    String order = key.stream().map(this::ordered).collect(Collectors.joining(", "));
    return Sql.first(
            source,
            "SELECT "
                + select
                + from
                + where(low, List.of())
                + " ORDER BY "
                + order
                + " OFFSET "
                + (CHUNK - 1)
                + " LIMIT 1",
            row -> {
              List<String> values = new ArrayList<>();
              for (int i = 1; i <= key.size(); i++) {
                values.add(row.getString(i));
              }
              return values;
            },
            low.toArray())
        .orElse(List.of());
  }

  private String ordered(Catalogue.Column column) {
    return Identifiers.quote(column.name()) + collate(column);
  }

  /// Text sorts differently with each collation, and with each version of one.
  private static String collate(Catalogue.Column column) {
    return column.category().equals("S") ? " COLLATE \"C\"" : "";
  }

  private String where(List<String> low, List<String> high) {
    String columns = "(" + key.stream().map(this::ordered).collect(Collectors.joining(", ")) + ")";
    String values =
        "(" + key.stream().map(c -> "?::" + c.type()).collect(Collectors.joining(", ")) + ")";
    String above = low.isEmpty() ? "" : columns + " > " + values;
    String below = high.isEmpty() ? "" : columns + " <= " + values;
    if (above.isEmpty() && below.isEmpty()) {
      return "";
    }
    return " WHERE " + above + (above.isEmpty() || below.isEmpty() ? "" : " AND ") + below;
  }

  private Collection<String> keys(String where, List<String> values)
      throws SQLException, InterruptedException {
    Map<List<String>, Long> here = hashes(source, where, values);
    Map<List<String>, Long> there = hashes(target, where, values);
    TreeSet<List<String>> open = new TreeSet<>(Comparator.comparing(Object::toString));
    here.forEach((k, h) -> {
      if (!h.equals(there.get(k))) {
        open.add(k);
      }
    });
    there.keySet().stream().filter(k -> !here.containsKey(k)).forEach(open::add);
    if (open.size() > MOST_KEYS) {
      return List.of(table + " differs in " + open.size() + " rows of one chunk");
    }
    List<String> settled = new ArrayList<>();
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      Map<List<String>, Long> before = rows(source, open);
      catchUp.await();
      Map<List<String>, Long> target1 = rows(target, open);
      Map<List<String>, Long> after = rows(source, open);
      boolean last = round == ROUNDS - 1;
      for (List<String> k : List.copyOf(open)) {
        Long t = target1.get(k);
        if (java.util.Objects.equals(t, before.get(k))
            || java.util.Objects.equals(t, after.get(k))) {
          open.remove(k);
        } else if (java.util.Objects.equals(before.get(k), after.get(k)) || last) {
          settled.add(describe(k, after.get(k), t));
          open.remove(k);
        }
      }
    }
    return settled;
  }

  private String describe(
      List<String> k,
      @org.jspecify.annotations.Nullable Long here,
      @org.jspecify.annotations.Nullable Long there) {
    return table
        + " row "
        + String.join(", ", k)
        + (here == null
            ? " is only on the target"
            : there == null ? " is missing on the target" : " differs");
  }

  private Map<List<String>, Long> hashes(Connection c, String where, List<String> values)
      throws SQLException {
    Map<List<String>, Long> found = new HashMap<>();
    String select =
        key.stream()
            .map(k -> Identifiers.quote(k.name()) + "::text")
            .collect(Collectors.joining(", "));
    Sql.list(
        c,
        "SELECT " + hash + ", " + select + from + where,
        row -> {
          List<String> k = new ArrayList<>();
          for (int i = 0; i < key.size(); i++) {
            k.add(row.getString(i + 2));
          }
          return found.put(k, row.getLong(1));
        },
        values.toArray());
    return found;
  }

  private Map<List<String>, Long> rows(Connection c, Collection<List<String>> keys)
      throws SQLException {
    Map<List<String>, Long> found = new HashMap<>();
    List<List<String>> all = List.copyOf(keys);
    String columns =
        "("
            + key.stream().map(k -> Identifiers.quote(k.name())).collect(Collectors.joining(", "))
            + ")";
    for (int at = 0; at < all.size(); at += 1000) {
      List<List<String>> some = all.subList(at, Math.min(all.size(), at + 1000));
      String unnested =
          IntStream.range(0, key.size())
              .mapToObj(i -> "a" + i + "::" + key.get(i).type())
              .collect(Collectors.joining(", "));
      String names =
          IntStream.range(0, key.size()).mapToObj(i -> "a" + i).collect(Collectors.joining(", "));
      String arrays =
          IntStream.range(0, key.size())
              .mapToObj(i -> "?::text[]")
              .collect(Collectors.joining(", "));
      List<Object> values = new ArrayList<>();
      for (int i = 0; i < key.size(); i++) {
        int column = i;
        values.add(some.stream().map(k -> k.get(column)).toList());
      }
      String where =
          " WHERE "
              + columns
              + " IN (SELECT "
              + unnested
              + " FROM unnest("
              + arrays
              + ") AS u("
              + names
              + "))";
      String select =
          key.stream()
              .map(k -> Identifiers.quote(k.name()) + "::text")
              .collect(Collectors.joining(", "));
      Sql.list(
          c,
          "SELECT " + hash + ", " + select + from + where,
          row -> {
            List<String> k = new ArrayList<>();
            for (int i = 0; i < key.size(); i++) {
              k.add(row.getString(i + 2));
            }
            return found.put(k, row.getLong(1));
          },
          values.toArray());
    }
    return found;
  }

  private static Sum sum(Connection c, String sql, List<String> values) throws SQLException {
    return Sql.first(
            c,
            sql,
            row -> new Sum(row.getLong(1), row.getBigDecimal(2).stripTrailingZeros()),
            values.toArray())
        .orElseThrow(() -> new SQLException("no answer"));
  }

  private static List<String> concat(List<String> a, List<String> b) {
    List<String> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /// Waits until everything that was written on the source up to now is on the target.
  interface CatchUp {
    void await() throws SQLException, InterruptedException;
  }

  record Result(long rows, List<String> differences) {}

  private record Sum(long rows, BigDecimal hash) {}
}
