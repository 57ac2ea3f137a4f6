package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.consistency.Comparison;
import dev.signalbox.engine.database.replication.Channel;
import dev.signalbox.engine.database.replication.Flow;
import dev.signalbox.engine.database.replication.Marker;
import dev.signalbox.engine.database.replication.Publication;
import dev.signalbox.engine.database.replication.Slot;
import dev.signalbox.engine.database.replication.Subscription;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/// The steps that put both directions on, compare the data, and take everything away at the end.
final class ChannelSteps {
  private static final Duration LOOK = Duration.ofSeconds(10);

  /// Creating a slot waits for every transaction that has written.
  private static final Duration SLOT = Duration.ofSeconds(60);

  private final DatabasePair pair;
  private final Fencing fencing;
  private final Routes routes;
  private final Colour origin;
  private final Colour target;
  private final Consumer<Consistency> compared;

  ChannelSteps(
      DatabasePair pair,
      Fencing fencing,
      Routes routes,
      ReleaseInfo release,
      Consumer<Consistency> compared) {
    this.routes = routes;
    this.pair = pair;
    this.fencing = fencing;
    this.origin = release.origin();
    this.target = release.target();
    this.compared = compared;
  }

  List<Step> replicate() {
    Channel forward = pair.from(origin);
    return List.of(
        pair.work(
            "publish",
            "Publish the tables of " + origin,
            Duration.ofMinutes(1),
            c -> on(origin, h -> Publication.exists(h, forward)),
            this::publish,
            c -> dropPublication(forward, c)),
        pair.work(
            "subscribe",
            "Subscribe " + target + " to " + origin,
            SLOT.plusSeconds(30),
            c -> on(target, h -> Subscription.oid(h, forward)) != 0,
            this::subscribe,
            c -> disconnect(forward, c)),
        pair.work(
            "copy",
            "Copy the rows to " + target,
            Duration.ofHours(24),
            c -> ready(),
            this::copy,
            DatabaseStep.TakeBack.nothing()));
  }

  List<Step> synchronize() {
    List<Step> steps = new ArrayList<>(channels());
    if (!routes.none()) {
      steps.add(
          pair.work(
              "acknowledge",
              "Wait until " + target + "'s applications acknowledge their database",
              Duration.ofMinutes(2),
              c -> routes.acknowledged(target),
              c -> {
                long generation = routes.point(target, c.epoch());
                String said = routes.await(target, c);
                return said.isEmpty()
                    ? "told, generation " + generation + "; they cannot acknowledge it"
                    : target + " acknowledged " + said;
              },
              DatabaseStep.TakeBack.nothing()));
    }
    return steps;
  }

  private List<Step> channels() {
    Channel reverse = pair.from(target);
    return List.of(
        pair.work(
            "analyze",
            "Gather statistics on " + target,
            Duration.ofHours(1),
            c -> false,
            this::analyze,
            DatabaseStep.TakeBack.nothing()),
        pair.work(
            "reverse",
            "Arm the way back to " + origin,
            SLOT.plusSeconds(30),
            c ->
                on(origin, h -> Subscription.oid(h, reverse)) != 0
                    && on(target, h -> Marker.seen(h, target)) > 0,
            this::arm,
            c -> {
              disconnect(reverse, c);
              Tolerance.of(c, target, () -> dropPublication(reverse, c));
            }),
        pair.work(
            "prove",
            "Prove both ways by a marker",
            Duration.ofSeconds(60),
            c -> false,
            this::prove,
            DatabaseStep.TakeBack.nothing()),
        pair.work(
            "compare",
            "Compare the data",
            Duration.ofHours(12),
            c -> !on(origin, h -> Fencing.value(h, "compared")).isEmpty(),
            this::compare,
            DatabaseStep.TakeBack.nothing()));
  }

  List<Step> cleanUp() {
    return List.of(
        pair.work(
            "detach",
            "Remove replication",
            Duration.ofMinutes(2),
            c -> detached(),
            this::detach,
            DatabaseStep.TakeBack.nothing()),
        pair.work(
            "unfence",
            "Remove the fence of the live side",
            Duration.ofMinutes(5),
            c -> false,
            this::unfence,
            DatabaseStep.TakeBack.nothing()));
  }

  private String publish(StepContext context) throws SQLException {
    Channel forward = pair.from(origin);
    Map<TableName, List<String>> columns = published(origin);
    fencing.guarded(
        origin,
        context,
        h -> {
          if (!Publication.exists(h, forward)) {
            Publication.create(h, forward, columns);
            Definitions.published(h, forward);
          }
        });
    return columns.size() + " tables of " + origin + " are published";
  }

  /// The tables that both sides have, each with the columns in common; an empty list means all of
  /// them. Generated columns are computed on the other side.
  private Map<TableName, List<String>> published(Colour from) throws SQLException {
    return on(
        from,
        here ->
            on(
                from.other(),
                there -> {
                  Map<TableName, List<String>> all = new LinkedHashMap<>();
                  for (Catalogue.Table table : Catalogue.tables(here, pair.schemas())) {
                    List<Catalogue.Column> theirs = Catalogue.columns(there, table.name());
                    if (!theirs.isEmpty()) {
                      all.put(
                          table.name(),
                          columns(table, Catalogue.columns(here, table.name()), theirs));
                    }
                  }
                  return all;
                }));
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

  /// Binary transfer needs the same types on both sides.
  private boolean sameTypes(Map<TableName, List<String>> tables) throws SQLException {
    return on(
        origin,
        here ->
            on(
                target,
                there -> {
                  for (TableName table : tables.keySet()) {
                    Map<String, String> types = new LinkedHashMap<>();
                    Catalogue.columns(there, table).forEach(c -> types.put(c.name(), c.type()));
                    for (Catalogue.Column c : Catalogue.columns(here, table)) {
                      if (!c.type().equals(types.getOrDefault(c.name(), c.type()))) {
                        return false;
                      }
                    }
                  }
                  return true;
                }));
  }

  private String subscribe(StepContext context) throws SQLException, InterruptedException {
    Channel forward = pair.from(origin);
    boolean binary = sameTypes(published(origin));
    if (on(target, h -> Subscription.oid(h, forward)) != 0) {
      return "the subscription is there";
    }
    fencing.guarded(
        origin,
        context,
        h -> {
          Marker.forget(h, target);
          Marker.introduce(h, origin);
        });
    slot(forward, context);
    Guarded.run(
        pair.server(target),
        "subscribe",
        LOOK,
        context.epoch(),
        h -> {
          Marker.forget(h, origin);
          Marker.forget(h, target);
          Subscription.create(h, forward, pair.server(origin).coordinates(), true, binary);
          Definitions.subscribed(h, forward);
        });
    return target + " takes what is written on " + origin + (binary ? ", in binary" : "");
  }

  /// The keeper of the assertion is the other server: the slot waits for every transaction of its
  /// own.
  private void slot(Channel channel, StepContext context) throws SQLException {
    if (on(channel.from(), h -> Slot.exists(h, channel))) {
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
                + Blockers.describe(pair, channel.from())
                + ". End it, then resume.",
            e.getSQLState(),
            e);
      }
      throw e;
    }
  }

  private boolean ready() throws SQLException {
    return on(
        target,
        h ->
            Flow.receiver(h, pair.from(origin))
                    .map(r -> r.enabled() && r.unready() == 0)
                    .orElse(false)
                && Marker.seen(h, origin) > 0);
  }

  private String copy(StepContext context) throws SQLException, InterruptedException {
    Channel forward = pair.from(origin);
    Instant begun = Instant.now();
    try (PostgresSession session = PostgresSession.open(pair.server(target), "copy", LOOK)) {
      while (true) {
        context.check();
        Flow.Receiver receiver =
            session
                .ask(h -> Flow.receiver(h, forward))
                .orElseThrow(
                    () -> new SQLException("The subscription on " + target + " is gone; resume."));
        List<TableProgress> tables = session.ask(h -> Flow.tables(h, forward));
        if (receiver.unready() == 0) {
          return tables.size()
              + " tables copied in "
              + Millis.of(Duration.between(begun, Instant.now()));
        }
        if (receiver.errors() > 3) {
          throw new SQLException(
              "Copying to "
                  + target
                  + " fails again and again; its server log says why. Correct it, then resume.");
        }
        context.progress(describe(tables));
        Thread.sleep(100);
      }
    }
  }

  private static String describe(List<TableProgress> tables) {
    List<TableProgress> open = tables.stream().filter(t -> !t.state().equals("streaming")).toList();
    return (tables.size() - open.size())
        + " of "
        + tables.size()
        + " tables are in step"
        + (open.isEmpty()
            ? ""
            : "; " + open.getFirst().table() + ": " + open.getFirst().copiedRows() + " rows");
  }

  private String analyze(StepContext context) throws SQLException, InterruptedException {
    List<Catalogue.Table> tables = fencing.tables(target);
    for (Catalogue.Table table : tables) {
      context.check();
      Guarded.run(
          pair.server(target),
          "analyze",
          Duration.ofMinutes(30),
          context.epoch(),
          h -> {
            h.execute("ANALYZE " + Identifiers.quote(table.name()));
          });
    }
    return tables.size() + " tables of " + target + " have statistics";
  }

  private String arm(StepContext context) throws SQLException {
    Channel reverse = pair.from(target);
    Map<TableName, List<String>> columns = published(target);
    boolean binary = sameTypes(columns);
    fencing.guarded(
        target,
        context,
        h -> {
          if (!Publication.exists(h, reverse)) {
            Publication.create(h, reverse, columns);
            Definitions.published(h, reverse);
          }
        });
    slot(reverse, context);
    fencing.guarded(
        origin,
        context,
        h -> {
          if (Subscription.oid(h, reverse) == 0) {
            Subscription.create(h, reverse, pair.server(target).coordinates(), false, binary);
            Definitions.subscribed(h, reverse);
          }
        });
    // Only now: the row must go through the slot as an INSERT.
    fencing.guarded(
        target,
        context,
        h -> {
          Marker.introduce(h, target);
        });
    return origin + " takes what is written on " + target;
  }

  private String prove(StepContext context) throws SQLException, InterruptedException {
    Instant until = Instant.now().plusSeconds(30);
    while (true) {
      try (Cutover cutover = new Cutover(pair, new Move(origin, target), context.epoch())) {
        return "a marker went both ways in " + Millis.of(cutover.prove(context));
      } catch (SQLException e) {
        if (Instant.now().isAfter(until) || SqlState.DEPOSED.equals(e.getSQLState())) {
          throw e;
        }
        // The workers of a new subscription need a moment to connect.
        context.check();
        Thread.sleep(100);
      }
    }
  }

  private String compare(StepContext context) throws Exception {
    Colour live = fencing.state(target) == Fence.State.OPEN ? target : origin;
    Comparison comparison =
        new Comparison(
            pair.server(live), pair.server(live.other()), pair.schemas(), context.epoch());
    Consistency result;
    try {
      result =
          comparison.run(c -> {
            compared.accept(c);
            context.progress(c.evidence());
          });
    } catch (SQLException | InterruptedException e) {
      compared.accept(
          new Consistency(
              Consistency.State.FAILED, 0, 0, 0, Instant.now(), String.valueOf(e.getMessage())));
      throw e;
    }
    compared.accept(result);
    if (result.state() != Consistency.State.IDENTICAL) {
      throw new SQLException(
          "The databases differ: "
              + result.evidence()
              + ". Find out why before you go on; give the release up to copy again.");
    }
    String said = result.tables() + " " + result.rows() + " " + Instant.now();
    fencing.guarded(origin, context, c -> Fencing.remember(c, "compared", said));
    return result.evidence();
  }

  private void dropPublication(Channel channel, StepContext context) throws SQLException {
    fencing.guarded(
        channel.from(),
        context,
        h -> {
          Publication.drop(h, channel);
          Definitions.forgetPublication(h);
        });
  }

  /// Drops subscription and slot. When one side is gone, the other is freed of it all the same.
  private void disconnect(Channel channel, StepContext context) throws SQLException {
    List<Long> oid = new ArrayList<>();
    boolean receiver =
        Tolerance.of(
            context,
            channel.to(),
            () -> {
              oid.add(on(channel.to(), h -> Subscription.oid(h, channel)));
              fencing.guarded(
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
              fencing.guarded(channel.from(), context, h -> {});
              on(
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

  private boolean detached() throws SQLException {
    for (Colour colour : Colour.values()) {
      boolean left =
          on(
              colour,
              h ->
                  Slot.exists(h, pair.from(colour))
                      || Publication.exists(h, pair.from(colour))
                      || Subscription.oid(h, pair.from(colour.other())) != 0);
      if (left) {
        return false;
      }
    }
    return true;
  }

  private String detach(StepContext context) throws SQLException {
    live();
    for (Colour colour : Colour.values()) {
      disconnect(pair.from(colour), context);
      Tolerance.of(context, colour, () -> dropPublication(pair.from(colour), context));
    }
    return "subscriptions, slots and publications are gone";
  }

  private String unfence(StepContext context) throws SQLException, InterruptedException {
    Colour live = live();
    List<TableName> kept = fencing.remove(live, context);
    fencing.guarded(
        live,
        context,
        h -> {
          Marker.dropObjects(h);
          Debts.forget(h);
          for (String key :
              List.of("release", "origin", "compared", "carried", "carried_release")) {
            Fencing.forget(h, key);
          }
        });
    Tolerance.of(
        context,
        live.other(),
        () ->
            fencing.guarded(
                live.other(),
                context,
                h -> {
                  if (Fencing.keepsValues(h)) {
                    Fencing.remember(h, "retired", Instant.now().toString());
                  }
                  for (String key : List.of("release", "origin", "carried", "carried_release")) {
                    Fencing.forget(h, key);
                  }
                }));
    return live
        + " is as an ordinary database again; "
        + live.other()
        + " stays fenced"
        + (kept.isEmpty()
            ? ""
            : "; readers never let go of "
                + kept.stream()
                    .map(TableName::toString)
                    .collect(java.util.stream.Collectors.joining(", "))
                + ", where a switched-off trigger stays");
  }

  /// The side that takes writes; anything but exactly one is a reason not to touch anything.
  private Colour live() throws SQLException {
    List<Colour> open = new ArrayList<>();
    for (Colour colour : Colour.values()) {
      try {
        if (fencing.state(colour) == Fence.State.OPEN) {
          open.add(colour);
        }
      } catch (SQLException e) {
        if (!dev.signalbox.engine.postgres.Unreachable.is(e)) {
          throw e;
        }
      }
    }
    if (open.size() != 1) {
      throw new SQLException(
          "Exactly one side must take writes before anything is cleaned up; now "
              + (open.isEmpty() ? "none" : "both")
              + " do.");
    }
    return open.getFirst();
  }

  private <T> T on(Colour colour, PostgresSession.Work<T> work) throws SQLException {
    return Guarded.ask(pair.server(colour), "look", LOOK, work);
  }
}
