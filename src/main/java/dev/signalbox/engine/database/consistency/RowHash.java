package dev.signalbox.engine.database.consistency;

import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Verbatim;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The hash of a row: `hash_record_extended`, 64 bits, over the columns that both sides have.
///
/// Types whose hash depends on the server (enums hash by OID), that have none, or for which
/// different values count as equal (1.0 and 1.00, 0 and -0, one day and 24 hours) are hashed as
/// text, under settings that are the same on both sides. It finds differences, it is no protection
/// against somebody who makes them up.
final class RowHash {
  private static final Set<String> AS_THEY_ARE =
      Set.of(
          "int2",
          "int4",
          "int8",
          "bool",
          "text",
          "varchar",
          "uuid",
          "date",
          "timestamp",
          "timestamptz",
          "bytea",
          "oid");

  private RowHash() {}

  /// An SQL expression of type bigint.
  static String of(List<Catalogue.Column> columns) {
    return "hash_record_extended(ROW("
        + columns.stream()
            .map(c ->
                AS_THEY_ARE.contains(c.base())
                    ? Identifiers.quote(c.name())
                    : Identifiers.quote(c.name()) + "::text")
            .collect(Collectors.joining(", "))
        + "), 0)";
  }

  /// Settings on which the text of a value depends.
  static void pin(PostgresSession session) throws SQLException {
    session.run(h ->
        Verbatim.run(
            h,
            "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'iso_8601'; SET"
                + " extra_float_digits = 1; SET bytea_output = 'hex'; SET lc_monetary = 'C'; SET"
                + " search_path = ''"));
  }

  static List<Catalogue.Column> common(
      List<Catalogue.Column> source, Collection<Catalogue.Column> target) {
    Set<String> there = target.stream().map(Catalogue.Column::name).collect(Collectors.toSet());
    return source.stream().filter(c -> !c.generated() && there.contains(c.name())).toList();
  }
}
