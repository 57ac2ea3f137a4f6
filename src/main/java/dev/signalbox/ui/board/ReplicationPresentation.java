package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Replication between the stacks. Of several databases the one that is worst off has the words,
/// and is named; an arrow is as bad as the worst of that direction.
///
/// @param toGreen and toBlue: the arrows
/// @param number the lag, large
record ReplicationPresentation(
    String caption,
    Direction.State toGreen,
    Direction.State toBlue,
    String number,
    String bytes,
    String rate,
    String wayBack,
    boolean broken,
    boolean stale) {
  /// The worst first.
  private static final List<Direction.State> WORST =
      List.of(
          Direction.State.BROKEN,
          Direction.State.UNKNOWN,
          Direction.State.COPYING,
          Direction.State.ABSENT,
          Direction.State.STREAMING);

  /// Null when the environment has no database.
  static @Nullable ReplicationPresentation of(
      EngineSnapshot state, Validity validity, Instant now) {
    List<DatabaseView> databases = state.databases();
    if (!state.mayHave(DatabaseView.class)) {
      return null;
    } else if (databases.isEmpty()) {
      return new ReplicationPresentation(
          Messages.text("replication.caption"),
          Direction.State.UNKNOWN,
          Direction.State.UNKNOWN,
          "–",
          Messages.text("replication.none"),
          "",
          "",
          false,
          false);
    }
    ReplicationPresentation worst = of(databases.getFirst(), state, validity, now);
    long rank = worst.rank(databases.getFirst(), state.release());
    Direction.State toGreen = worst.toGreen;
    Direction.State toBlue = worst.toBlue;
    for (DatabaseView database : databases.subList(1, databases.size())) {
      ReplicationPresentation one = of(database, state, validity, now);
      long its = one.rank(database, state.release());
      toGreen = worse(toGreen, one.toGreen);
      toBlue = worse(toBlue, one.toBlue);
      worst = its < rank ? one : worst;
      rank = Math.min(rank, its);
    }
    return new ReplicationPresentation(
        databases.size() == 1
            ? Messages.text("replication.caption")
            : Messages.text("replication.caption.worst", Format.count(databases.size())),
        toGreen,
        toBlue,
        worst.number,
        worst.bytes,
        worst.rate,
        worst.wayBack,
        worst.broken,
        worst.stale);
  }

  private static Direction.State worse(Direction.State one, Direction.State other) {
    return WORST.indexOf(one) < WORST.indexOf(other) ? one : other;
  }

  /// The lower the worse: broken, then not known, then by the state of what leads, then by its lag.
  private long rank(DatabaseView database, @Nullable ReleaseView release) {
    if (broken) {
      return Long.MIN_VALUE;
    } else if (stale) {
      return Long.MIN_VALUE + 1;
    }
    Direction leading = ReplicationLines.leading(database, release);
    long lag = leading.lag() == null ? Integer.MAX_VALUE : leading.lag().toMillis();
    return ((long) WORST.indexOf(leading.state()) << 40) - Math.min(lag, 1L << 39);
  }

  private static ReplicationPresentation of(
      DatabaseView database, EngineSnapshot state, Validity validity, Instant now) {
    ReleaseView release = state.release();
    DatabaseView.Replication replication = database.replication();
    Direction.State leading = ReplicationLines.leading(database, release).state();
    boolean stale = !validity.sees(database) && leading != Direction.State.BROKEN;
    ReplicationLines lines =
        stale
            ? ReplicationLines.unknown(state, database, now)
            : ReplicationLines.of(database, release);
    boolean green = replication.source() == Colour.BLUE;
    Direction.State forward = stale ? Direction.State.UNKNOWN : replication.forward().state();
    Direction.State reverse = stale ? Direction.State.UNKNOWN : replication.reverse().state();
    return new ReplicationPresentation(
        "",
        shown(release, green ? forward : reverse),
        shown(release, green ? reverse : forward),
        lines.number(),
        database.name().isEmpty()
            ? lines.bytes()
            : Messages.text("replication.of", database.name(), lines.bytes()),
        lines.rate(),
        lines.wayBack(),
        (forward == Direction.State.BROKEN || reverse == Direction.State.BROKEN)
            && !ReleaseSetup.isUnderWay(release),
        stale);
  }

  /// While it is being made one end is there before the other.
  private static Direction.State shown(@Nullable ReleaseView release, Direction.State state) {
    return state == Direction.State.BROKEN && ReleaseSetup.isUnderWay(release)
        ? Direction.State.UNKNOWN
        : state;
  }
}
