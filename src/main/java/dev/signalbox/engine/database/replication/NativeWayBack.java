package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.Tolerance;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.database.sync.Marker;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/// The step by which a release's origin takes what its target writes.
final class NativeWayBack {
  private final DatabasePair pair;
  private final NativeChannels channels;
  private final Colour origin;
  private final Colour target;

  NativeWayBack(DatabasePair pair, NativeChannels channels, ReleaseInfo release) {
    this.pair = pair;
    this.channels = channels;
    this.origin = release.origin();
    this.target = release.target();
  }

  List<Step> steps() {
    Channel reverse = pair.from(target);
    return List.of(
        pair.work(
            "reverse",
            "Arm the way back to " + origin,
            NativeChannels.SLOT.plusSeconds(30),
            c ->
                pair.look(origin, h -> Subscription.oid(h, reverse)) != 0
                    && pair.look(target, h -> Marker.seen(h, target)) > 0,
            this::arm,
            c -> {
              channels.disconnect(reverse, c);
              Tolerance.of(c, target, () -> channels.dropPublication(reverse, c));
            }));
  }

  private String arm(StepContext context) throws SQLException {
    Channel reverse = pair.from(target);
    Map<TableName, List<String>> columns = channels.published(target);
    boolean binary = channels.sameTypes(origin, columns);
    pair.guarded(
        target,
        context,
        h -> {
          if (!Publication.exists(h, reverse)) {
            Publication.create(h, reverse, columns);
            Definitions.published(h, reverse);
          }
        });
    channels.slot(reverse, context);
    pair.guarded(
        origin,
        context,
        h -> {
          if (Subscription.oid(h, reverse) == 0) {
            Subscription.create(h, reverse, pair.server(target).coordinates(), false, binary);
            Definitions.subscribed(h, reverse);
          }
        });
    // Only now: the row must go through the slot as an INSERT.
    pair.guarded(
        target,
        context,
        h -> {
          Marker.introduce(h, target);
        });
    return origin + " takes what is written on " + target;
  }
}
