package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;

/// What one server offers to the other: the tables of the service and the marker, each limited to
/// the columns that the other side has too.
public final class Publication {
  private static final TableName MARKER = new TableName("signalbox", "marker");

  private Publication() {}

  /// What it is, as a digest of its rows in the catalogue and of its tables, columns, filters and
  /// actions; empty when it does not exist. It stays another one when a change is taken back: what
  /// was written in between was not sent.
  public static String definition(Handle h, Channel channel) {
    return h.select(
            """
            SELECT md5(concat_ws('|', p.xmin, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete,
              p.pubtruncate, p.pubviaroot,
              (SELECT string_agg(concat_ws(' ', r.oid, r.prrelid, r.prattrs,
                  pg_get_expr(r.prqual, r.prrelid)), ',' ORDER BY r.prrelid)
                FROM pg_publication_rel r WHERE r.prpubid = p.oid),
              (SELECT string_agg(n.pnnspid::text, ',' ORDER BY n.pnnspid)
                FROM pg_publication_namespace n WHERE n.pnpubid = p.oid)))
            FROM pg_publication p WHERE p.pubname = ?
            """,
            channel.name())
        .mapTo(String.class)
        .findOne()
        .orElse("");
  }

  public static boolean exists(Handle h, Channel channel) {
    return h.select("SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = ?)", channel.name())
        .mapTo(boolean.class)
        .one();
  }

  /// Creates it. Taking SHARE UPDATE EXCLUSIVE on the tables, it does not wait for writers.
  ///
  /// @param columns for each table the columns to publish; an empty list means all
  public static void create(Handle h, Channel channel, Map<TableName, List<String>> columns) {
    // What is written to a partition is sent as written to its table: the other side may have other
    // partitions, and one that is made meanwhile needs nothing.
    h.execute(
        "CREATE PUBLICATION "
            + Identifiers.quote(channel.name())
            + " FOR TABLE "
            + tables(columns)
            + " WITH (publish_via_partition_root = true)");
  }

  /// Publishes other columns from now on.
  public static void alter(Handle h, Channel channel, Map<TableName, List<String>> columns) {
    h.execute(
        "ALTER PUBLICATION " + Identifiers.quote(channel.name()) + " SET TABLE " + tables(columns));
  }

  private static String tables(Map<TableName, List<String>> columns) {
    return Stream.concat(
            columns.entrySet().stream()
                .map(e ->
                    Identifiers.quote(e.getKey())
                        + (e.getValue().isEmpty()
                            ? ""
                            : " (" + Identifiers.columns(e.getValue()) + ")")),
            Stream.of(Identifiers.quote(MARKER)))
        .collect(Collectors.joining(", "));
  }

  /// The tables it holds, without the marker.
  public static List<TableName> tables(Handle h, Channel channel) {
    return h.select(
            """
            SELECT ARRAY[schemaname, tablename]::text[] FROM pg_publication_tables
            WHERE pubname = ? AND schemaname <> 'signalbox' ORDER BY schemaname, tablename
            """,
            channel.name())
        .mapTo(TableName.class)
        .list();
  }

  /// The tables of these that it does not hold, partitions aside; none when there is no such
  /// publication.
  public static List<TableName> without(Handle h, Channel channel, List<Catalogue.Table> tables) {
    if (!exists(h, channel)) {
      return List.of();
    }
    Set<TableName> held = Set.copyOf(tables(h, channel));
    return tables.stream()
        .filter(table -> !table.partition())
        .map(Catalogue.Table::name)
        .filter(name -> !held.contains(name))
        .toList();
  }

  public static void drop(Handle h, Channel channel) {
    h.execute("DROP PUBLICATION IF EXISTS " + Identifiers.quote(channel.name()));
  }
}
