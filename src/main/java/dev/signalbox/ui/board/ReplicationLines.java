package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is said of the replication of one database.
///
/// @param number the lag, large
record ReplicationLines(String number, String bytes, String rate, String wayBack) {
  /// Lag is measured at both ends; without one of them it is not known, whatever it was before.
  static ReplicationLines unknown(EngineSnapshot state, DatabaseView database, Instant now) {
    Instant since = DatabaseSide.older(database.at(), state.at());
    for (DatabaseView.Server server : database.servers().values()) {
      if (!Validity.answers(server, now, state.pollInterval()) && server.at().isBefore(since)) {
        since = server.at();
      }
    }
    return new ReplicationLines(
        "–",
        since.equals(Instant.EPOCH)
            ? Messages.text("replication.never")
            : Messages.text("replication.old", Format.utc(since)),
        "",
        "");
  }

  /// The direction that matters.
  static Direction leading(DatabaseView database, @Nullable ReleaseView release) {
    DatabaseView.Replication replication = database.replication();
    return movedAway(release) ? replication.reverse() : replication.forward();
  }

  static ReplicationLines of(DatabaseView database, @Nullable ReleaseView release) {
    DatabaseView.Replication replication = database.replication();
    Direction forward = replication.forward();
    Direction reverse = replication.reverse();
    if (forward.state() == Direction.State.ABSENT && reverse.state() == Direction.State.ABSENT) {
      return new ReplicationLines("–", Messages.text("replication.absent"), "", "");
    }
    boolean back = movedAway(release) || forward.state() == Direction.State.ABSENT;
    Direction leading = back ? reverse : forward;
    Direction other = back ? forward : reverse;
    Colour to = back ? replication.source() : replication.source().other();
    return new ReplicationLines(
        leading.state() == Direction.State.BROKEN && ReleaseSetup.isUnderWay(release)
            ? Lags.UNKNOWN
            : number(replication, leading),
        leading.lagBytes() < 0
            ? Messages.text("replication.unknown")
            : Messages.text(
                "replication.behind", Words.colour(to), Format.bytes(leading.lagBytes())),
        rate(replication, leading),
        leading.state() == Direction.State.BROKEN
            ? leading.problem()
            : other.state() == Direction.State.BROKEN && !other.problem().isEmpty()
                ? other.problem()
                : Messages.text(
                    "replication.other." + other.state().name().toLowerCase(Locale.ROOT),
                    Words.colour(to),
                    Words.colour(to.other())));
  }

  /// While the target is live, what matters is how far the way back is behind.
  private static boolean movedAway(@Nullable ReleaseView release) {
    return release != null && release.onTarget();
  }

  private static String number(DatabaseView.Replication replication, Direction leading) {
    return switch (leading.state()) {
      case UNKNOWN, ABSENT -> "–";
      case BROKEN -> Messages.text("replication.broken");
      case COPYING -> Format.percent(copied(replication));
      case STREAMING -> Lags.text(leading);
    };
  }

  private static String rate(DatabaseView.Replication replication, Direction leading) {
    return switch (leading.state()) {
      case UNKNOWN, ABSENT -> "";
      case COPYING -> {
        long rows = 0;
        long total = 0;
        for (DatabaseView.TableProgress table : replication.tables()) {
          rows += table.copiedRows();
          total += Math.max(table.totalRows(), table.copiedRows());
        }
        yield Messages.text("replication.rows", Format.count(rows), Format.count(total));
      }
      case BROKEN -> Messages.text("replication.kept", Format.bytes(leading.retainedBytes()));
      case STREAMING ->
          Messages.text(
              "replication.rate",
              Format.bytes(leading.bytesPerSecond()),
              Format.bytes(leading.retainedBytes()));
    };
  }

  private static double copied(DatabaseView.Replication replication) {
    double rows = 0;
    double total = 0;
    for (DatabaseView.TableProgress table : replication.tables()) {
      rows += table.copiedRows();
      total += Math.max(table.totalRows(), table.copiedRows());
    }
    return total == 0 ? 0 : rows / total;
  }
}
