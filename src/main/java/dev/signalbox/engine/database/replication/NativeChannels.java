package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.PlannedColumns;
import dev.signalbox.engine.database.pair.Tolerance;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Puts a direction of logical replication together, and takes it apart.
record NativeChannels(DatabasePair pair) {
  /// Creating a slot waits for every transaction that has written.
  static final Duration SLOT = Duration.ofSeconds(60);

  /// The tables that both sides have, each with the columns in common; an empty list means all of
  /// them. Generated columns are computed on the other side.
  Map<TableName, List<String>> published(Colour from) throws SQLException {
    return published(from, false);
  }

  /// The same, as it will be when the migrations are applied on the other side.
  private Map<TableName, List<String>> published(Colour from, boolean migrated)
      throws SQLException {
    return pair.look(
        from,
        here ->
            pair.look(
                from.other(),
                there -> {
                  Map<TableName, List<Catalogue.Column>> planned =
                      migrated ? PlannedColumns.of(there) : Map.of();
                  Map<TableName, List<String>> all = new LinkedHashMap<>();
                  for (Catalogue.Table table : Catalogue.tables(here, pair.schemas())) {
                    List<Catalogue.Column> theirs = planned.get(table.name());
                    if (theirs == null) {
                      theirs = Catalogue.columns(there, table.name());
                    }
                    if (!theirs.isEmpty() && !table.partition()) {
                      all.put(
                          table.name(),
                          columns(table, Catalogue.columns(here, table.name()), theirs));
                    }
                  }
                  return all;
                }));
  }

  /// Sends only what the other side will still have when the migrations are applied there. When
  /// this returns, what was sent with more has arrived.
  ///
  /// @return whether that is less than before
  boolean narrow(Colour from, StepContext context) throws SQLException, InterruptedException {
    Map<TableName, List<String>> columns = published(from, true);
    if (columns.equals(published(from))) {
      return false;
    }
    Channel channel = pair.from(from);
    pair.guarded(
        from,
        context,
        h -> {
          Publication.alter(h, channel, columns);
          Definitions.published(h, channel);
        });
    long sent = pair.look(from, h -> Marker.beat(h, context.epoch(), from));
    while (pair.look(from.other(), h -> Marker.seen(h, from)) < sent) {
      context.check();
      context.progress("waiting until " + from.other() + " has what was sent before");
      Thread.sleep(100);
    }
    return true;
  }

  private static List<String> columns(
      Catalogue.Table table, List<Catalogue.Column> here, List<Catalogue.Column> there)
      throws SQLException {
    List<String> theirs =
        there.stream().filter(c -> !c.generated()).map(Catalogue.Column::name).toList();
    List<String> ours =
        here.stream().filter(c -> !c.generated()).map(Catalogue.Column::name).toList();
    if (theirs.containsAll(ours)) {
      return List.of();
    }
    if (table.identity().equals("f")) {
      throw new SQLException(
          "Table "
              + table.name()
              + " has REPLICA IDENTITY FULL and columns that the other side lacks; PostgreSQL cannot"
              + " replicate that. Give it a primary key.");
    }
    return ours.stream().filter(theirs::contains).toList();
  }

  /// Binary transfer needs the same types on both sides, also when the migrations are applied.
  boolean sameTypes(Colour origin, Map<TableName, List<String>> tables) throws SQLException {
    return pair.look(
        origin,
        here ->
            pair.look(
                origin.other(),
                there -> {
                  Map<TableName, List<Catalogue.Column>> planned = PlannedColumns.of(there);
                  for (TableName table : tables.keySet()) {
                    Map<String, String> types = new LinkedHashMap<>();
                    List<Catalogue.Column> theirs = planned.get(table);
                    (theirs == null ? Catalogue.columns(there, table) : theirs)
                        .forEach(c -> types.put(c.name(), c.type()));
                    for (Catalogue.Column c : Catalogue.columns(here, table)) {
                      if (!c.type().equals(types.getOrDefault(c.name(), c.type()))) {
                        return false;
                      }
                    }
                  }
                  return true;
                }));
  }

  /// The keeper of the assertion is the other server: the slot waits for every transaction of its
  /// own.
  void slot(Channel channel, StepContext context) throws SQLException {
    if (pair.look(channel.from(), h -> Slot.exists(h, channel))) {
      return;
    }
    try {
      Guarded.outside(
          pair.server(channel.to()),
          pair.server(channel.from()),
          "slot",
          SLOT,
          context.epoch(),
          h -> {
            Slot.create(h, channel);
            return true;
          });
    } catch (SQLException e) {
      if ("57014".equals(e.getSQLState())) {
        throw new SQLException(
            "The slot on "
                + channel.from()
                + " could not be created: it waits for every transaction that has written. Open: "
                + Blockers.describeOfSlot(pair, channel.from())
                + ". End it, then resume.",
            e.getSQLState(),
            e);
      }
      throw e;
    }
  }

  void dropPublication(Channel channel, StepContext context) throws SQLException {
    pair.guarded(
        channel.from(),
        context,
        h -> {
          Publication.drop(h, channel);
          Definitions.forgetPublication(h);
        });
  }

  /// Drops subscription and slot. When one side is gone, the other is freed of it all the same.
  void disconnect(Channel channel, StepContext context) throws SQLException {
    List<Long> oid = new ArrayList<>();
    boolean receiver =
        Tolerance.of(
            context,
            channel.to(),
            () -> {
              oid.add(pair.look(channel.to(), h -> Subscription.oid(h, channel)));
              pair.guarded(
                  channel.to(),
                  context,
                  h -> {
                    Subscription.drop(h, channel);
                    Definitions.forgetSubscription(h);
                  });
            });
    boolean sender =
        Tolerance.of(
            context,
            channel.from(),
            () -> {
              pair.guarded(channel.from(), context, h -> {});
              pair.look(
                  channel.from(),
                  h -> {
                    Slot.drop(h, channel, oid.isEmpty() ? 0 : oid.getFirst());
                    return true;
                  });
            });
    if (!receiver && !sender) {
      throw new SQLException("Neither database answers; nothing was removed. Try again.");
    }
  }
}
