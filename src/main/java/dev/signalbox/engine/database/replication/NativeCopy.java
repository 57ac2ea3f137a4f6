package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.DatabaseStep;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.database.sync.Ends;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// The steps by which a release's target takes what its origin has and writes.
final class NativeCopy {
  private static final Duration LOOK = Duration.ofSeconds(10);

  private final DatabasePair pair;
  private final NativeChannels channels;
  private final Colour origin;
  private final Colour target;

  NativeCopy(DatabasePair pair, NativeChannels channels, ReleaseInfo release) {
    this.pair = pair;
    this.channels = channels;
    this.origin = release.origin();
    this.target = release.target();
  }

  List<Step> steps() {
    Channel forward = pair.from(origin);
    return List.of(
        pair.work(
            "publish",
            "Publish the tables of " + origin,
            Duration.ofMinutes(1),
            c -> pair.look(origin, h -> Publication.exists(h, forward)),
            this::publish,
            c -> channels.dropPublication(forward, c)),
        pair.work(
            "subscribe",
            "Subscribe " + target + " to " + origin,
            NativeChannels.SLOT.plusSeconds(30),
            c -> pair.look(target, h -> Subscription.oid(h, forward)) != 0,
            this::subscribe,
            c -> channels.disconnect(forward, c)),
        pair.work(
            "copy",
            "Copy the rows to " + target,
            Duration.ofHours(24),
            c -> ready(),
            this::copy,
            DatabaseStep.TakeBack.nothing()));
  }

  private String publish(StepContext context) throws SQLException {
    Channel forward = pair.from(origin);
    Map<TableName, List<String>> columns = channels.published(origin);
    pair.guarded(
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

  private String subscribe(StepContext context) throws SQLException, InterruptedException {
    Channel forward = pair.from(origin);
    boolean binary = channels.sameTypes(origin, channels.published(origin));
    if (pair.look(target, h -> Subscription.oid(h, forward)) != 0) {
      return "the subscription is there";
    }
    pair.guarded(
        origin,
        context,
        h -> {
          Marker.forget(h, target);
          Marker.introduce(h, origin);
        });
    channels.slot(forward, context);
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

  private boolean ready() throws SQLException {
    return pair.look(
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
    try (PostgresSession session = PostgresSession.borrow(pair.server(target), "copy", LOOK)) {
      while (true) {
        context.check();
        Ends.Receiver receiver =
            session
                .ask(h -> Flow.receiver(h, forward))
                .orElseThrow(
                    () -> new SQLException("The subscription on " + target + " is gone; resume."));
        List<TableProgress> tables = session.ask(h -> Flow.tables(h, forward));
        if (receiver.unready() == 0) {
          return tables.size()
              + " tables copied in "
              + DurationText.words(Duration.between(begun, Instant.now()));
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
}
