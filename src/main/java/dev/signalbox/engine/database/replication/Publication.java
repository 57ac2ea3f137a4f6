package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// What one server offers to the other: the tables of the service and the marker, each limited to
/// the columns that the other side has too.
public final class Publication {
  private static final TableName MARKER = new TableName("signalbox", "marker");

  private Publication() {}

  /// What it is, as a digest of its rows in the catalogue and of its tables, columns, filters and
  /// actions; empty when it does not exist. It stays another one when a change is taken back: what
  /// was written in between was not sent.
  public static String definition(Connection c, Channel channel) throws SQLException {
    return Sql.text(
        c,
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
        channel.name());
  }

  public static boolean exists(Connection c, Channel channel) throws SQLException {
    return Sql.truth(
        c, "SELECT EXISTS (SELECT FROM pg_publication WHERE pubname = ?)", channel.name());
  }

  /// Creates it. Taking SHARE UPDATE EXCLUSIVE on the tables, it does not wait for writers.
  ///
  /// @param columns for each table the columns to publish; an empty list means all
  public static void create(Connection c, Channel channel, Map<TableName, List<String>> columns)
      throws SQLException {
    String tables =
        columns.entrySet().stream()
            .map(e ->
                Identifiers.quote(e.getKey())
                    + (e.getValue().isEmpty()
                        ? ""
                        : " (" + Identifiers.columns(e.getValue()) + ")"))
            .collect(Collectors.joining(", "));
    Sql.execute(
        c,
        "CREATE PUBLICATION "
            + Identifiers.quote(channel.name())
            + " FOR TABLE "
            + tables
            + (tables.isEmpty() ? "" : ", ")
            + Identifiers.quote(MARKER));
  }

  /// The tables it holds, without the marker.
  public static List<TableName> tables(Connection c, Channel channel) throws SQLException {
    return Sql.list(
        c,
        "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ? AND schemaname <>"
            + " 'signalbox' ORDER BY 1, 2",
        row -> new TableName(row.getString(1), row.getString(2)),
        channel.name());
  }

  /// The tables of these that it does not hold; none when there is no such publication.
  public static List<TableName> without(Connection c, Channel channel, List<Catalogue.Table> tables)
      throws SQLException {
    if (!exists(c, channel)) {
      return List.of();
    }
    Set<TableName> held = Set.copyOf(tables(c, channel));
    return tables.stream().map(Catalogue.Table::name).filter(name -> !held.contains(name)).toList();
  }

  public static void drop(Connection c, Channel channel) throws SQLException {
    Sql.execute(c, "DROP PUBLICATION IF EXISTS " + Identifiers.quote(channel.name()));
  }
}
