package dev.signalbox.engine.database.consistency;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.PostgresSession;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.generic.GenericType;
import org.jspecify.annotations.Nullable;

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

  /// After so many rounds rows are looked at few at a time.
  private static final int PATIENT = 5;

  private static final int FEW = 10;
  private static final int MOST_KEYS = 20_000;
  private static final GenericType<List<String>> KEY = new GenericType<>() {};

  private final TableName table;
  private final PostgresSession source;
  private final PostgresSession target;
  private final CatchUp catchUp;
  private final List<Catalogue.Column> key;
  private final String hash;
  private final String from;

  TableComparison(TableName table, PostgresSession source, PostgresSession target, CatchUp catchUp)
      throws SQLException {
    this.table = table;
    this.source = source;
    this.target = target;
    this.catchUp = catchUp;
    List<Catalogue.Column> common =
        RowHash.common(
            source.ask(h -> Catalogue.columns(h, table)),
            target.ask(h -> Catalogue.columns(h, table)));
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
    String sql = "SELECT " + sums() + from;
    for (int round = 1; ; round++) {
      Sum before = sum(source, sql, List.of());
      catchUp.await();
      Sum there = sum(target, sql, List.of());
      Sum after = sum(source, sql, List.of());
      if (there.same(before) || there.same(after)) {
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
      String sql = "SELECT " + sums() + from + where;
      Sum here = sum(source, sql, values);
      rows += here.rows;
      if (!here.same(sum(target, sql, values))) {
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
    String order = key.stream().map(this::ordered).collect(Collectors.joining(", "));
    String sql =
        "SELECT "
            + keyAsText()
            + " AS key"
            + from
            + where(low, List.of())
            + " ORDER BY "
            + order
            + " OFFSET "
            + (CHUNK - 1)
            + " LIMIT 1";
    return source.ask(h -> h.select(sql, low.toArray()).mapTo(KEY).findOne().orElse(List.of()));
  }

  /// An SQL expression of type `text[]`.
  private String keyAsText() {
    return key.stream()
        .map(c -> Identifiers.quote(c.name()) + "::text")
        .collect(Collectors.joining(", ", "ARRAY[", "]"));
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
    Map<List<String>, Version> here = hashes(source, where, values);
    Map<List<String>, Version> there = hashes(target, where, values);
    TreeSet<List<String>> open = new TreeSet<>(Comparator.comparing(Object::toString));
    here.forEach((k, h) -> {
      if (!same(h, there.get(k))) {
        open.add(k);
      }
    });
    there.keySet().stream().filter(k -> !here.containsKey(k)).forEach(open::add);
    if (open.size() > MOST_KEYS) {
      return List.of(table + " differs in " + open.size() + " rows of one chunk");
    }
    List<String> settled = new ArrayList<>();
    for (int round = 0; round < ROUNDS && !open.isEmpty(); round++) {
      // A row that is written often is caught in a short moment: few at a time take little.
      int size = round < PATIENT ? open.size() : FEW;
      for (List<List<String>> some : batches(open, size)) {
        settled.addAll(settle(some, open));
      }
    }
    for (List<String> left : open) {
      settled.add(
          table
              + " row "
              + String.join(", ", left)
              + " is written so often that it could not be compared");
    }
    return settled;
  }

  private static List<List<List<String>>> batches(Collection<List<String>> keys, int size) {
    List<List<String>> all = List.copyOf(keys);
    return IntStream.range(0, (all.size() + size - 1) / size)
        .mapToObj(i -> all.subList(i * size, Math.min(all.size(), (i + 1) * size)))
        .toList();
  }

  /// Takes those out of `open` of which is known now whether they differ.
  ///
  /// @return a sentence for each that does
  private List<String> settle(List<List<String>> some, Collection<List<String>> open)
      throws SQLException, InterruptedException {
    List<String> different = new ArrayList<>();
    Map<List<String>, Version> before = rows(source, some);
    catchUp.await();
    Map<List<String>, Version> there = rows(target, some);
    Map<List<String>, Version> after = rows(source, some);
    for (List<String> k : some) {
      Version first = before.get(k);
      Version last = after.get(k);
      if (same(there.get(k), first) || same(there.get(k), last)) {
        open.remove(k);
      } else if (Objects.equals(first, last)) {
        different.add(describe(k, last, there.get(k)));
        open.remove(k);
      }
    }
    return different;
  }

  private static boolean same(@Nullable Version one, @Nullable Version other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.hash == other.hash;
  }

  private String describe(List<String> k, @Nullable Version here, @Nullable Version there) {
    return table
        + " row "
        + String.join(", ", k)
        + (here == null
            ? " is only on the target"
            : there == null ? " is missing on the target" : " differs");
  }

  private Map<List<String>, Version> hashes(PostgresSession session, String where, List<?> values)
      throws SQLException {
    String sql =
        "SELECT "
            + hash
            + " AS hash, xmin::text AS writer, "
            + keyAsText()
            + " AS key"
            + from
            + where;
    return session.ask(h ->
        h.select(sql, values.toArray())
            .reduceRows(
                new HashMap<>(),
                (found, row) -> {
                  found.put(
                      row.getColumn("key", KEY),
                      new Version(
                          row.getColumn("hash", Long.class),
                          row.getColumn("writer", String.class)));
                  return found;
                }));
  }

  private Map<List<String>, Version> rows(PostgresSession session, Collection<List<String>> keys)
      throws SQLException {
    Map<List<String>, Version> found = new HashMap<>();
    List<List<String>> all = List.copyOf(keys);
    String columns = Identifiers.columns(key.stream().map(Catalogue.Column::name).toList());
    String unnested = each(i -> "a" + i + "::" + key.get(i).type());
    String where =
        " WHERE (%s) IN (SELECT %s FROM unnest(%s) AS u(%s))"
            .formatted(columns, unnested, each(i -> "?::text[]"), each(i -> "a" + i));
    for (int at = 0; at < all.size(); at += 1000) {
      List<List<String>> some = all.subList(at, Math.min(all.size(), at + 1000));
      List<List<String>> values =
          IntStream.range(0, key.size())
              .mapToObj(i -> some.stream().map(k -> k.get(i)).toList())
              .toList();
      found.putAll(hashes(session, where, values));
    }
    return found;
  }

  private String each(IntFunction<String> column) {
    return IntStream.range(0, key.size()).mapToObj(column).collect(Collectors.joining(", "));
  }

  private String sums() {
    return "count(*) AS rows, coalesce(sum("
        + hash
        + "), 0) AS hash, coalesce(sum(hashtextextended(xmin::text, 0)), 0) AS writers";
  }

  private static Sum sum(PostgresSession session, String sql, List<String> values)
      throws SQLException {
    return session.ask(h ->
        h.select(sql, values.toArray())
            .map(row ->
                new Sum(
                    row.getColumn("rows", Long.class),
                    row.getColumn("hash", BigDecimal.class).toBigInteger(),
                    row.getColumn("writers", BigDecimal.class).toBigInteger()))
            .one());
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

  /// @param writer transaction that wrote the row: values may come back, and the row has changed
  ///   all the same
  private record Version(long hash, String writer) {}

  record Result(long rows, List<String> differences) {}

  /// @param writers of the rows, on the server that was asked
  private record Sum(long rows, BigInteger hash, BigInteger writers) {
    boolean same(Sum other) {
      return rows == other.rows && hash.equals(other.hash);
    }
  }
}
