package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Sight;
import dev.signalbox.ui.fx.Words;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What runs between the stacks: traffic above, replication below.
///
/// @param traffic where requests go now; null when the router does not say
/// @param routerNote in words, with intended and observed when they differ
/// @param trouble whether the router note reports something wrong
/// @param toGreen and toBlue: the arrows
/// @param number the lag, large
record TrackFace(
    @Nullable Colour traffic,
    boolean holding,
    String router,
    String routerNote,
    boolean trouble,
    Direction.State toGreen,
    Direction.State toBlue,
    String number,
    String bytes,
    String rate,
    String wayBack,
    boolean broken,
    boolean stale) {

  static TrackFace of(EngineSnapshot state, Instant now) {
    Sight sight = Sight.of(state, now);
    ApplicationView application = state.application();
    DatabaseView database = state.database();
    ApplicationView.Router router =
        application == null || application.at().equals(Instant.EPOCH) ? null : application.router();
    Direction.State leading = leadingState(database, state.release());
    boolean stale = database != null && !sight.databases() && leading != Direction.State.BROKEN;
    Lines lines =
        database == null || !stale
            ? lines(database, state.release())
            : unknown(state, database, now);
    boolean green = database == null || database.replication().source() == Colour.BLUE;
    Direction.State forward =
        database == null || stale
            ? Direction.State.UNKNOWN
            : database.replication().forward().state();
    Direction.State reverse =
        database == null || stale
            ? Direction.State.UNKNOWN
            : database.replication().reverse().state();
    boolean lost = router == null || !router.reachable() || !sight.application();
    boolean differ =
        router != null && router.intended() != null && router.intended() != router.observed();
    return new TrackFace(
        router == null || lost ? null : router.observed(),
        router != null && !lost && router.holding(),
        router == null ? Messages.text("router.name") : Messages.text("router.kind", router.kind()),
        routerNote(router, lost),
        (router != null && lost) || differ,
        shown(state.release(), green ? forward : reverse),
        shown(state.release(), green ? reverse : forward),
        lines.number,
        lines.bytes,
        lines.rate,
        lines.wayBack,
        (forward == Direction.State.BROKEN || reverse == Direction.State.BROKEN)
            && !Coming.isSetUp(state.release()),
        stale);
  }

  /// While it is being made one end is there before the other.
  private static Direction.State shown(@Nullable ReleaseView release, Direction.State state) {
    return state == Direction.State.BROKEN && Coming.isSetUp(release)
        ? Direction.State.UNKNOWN
        : state;
  }

  private static Direction.State leadingState(
      @Nullable DatabaseView database, @Nullable ReleaseView release) {
    if (database == null) {
      return Direction.State.UNKNOWN;
    }
    DatabaseView.Replication replication = database.replication();
    return movedAway(release) ? replication.reverse().state() : replication.forward().state();
  }

  /// Lag is measured at both ends; without one of them it is not known, whatever it was before.
  private static Lines unknown(EngineSnapshot state, DatabaseView database, Instant now) {
    Instant since = state.at().isBefore(database.at()) ? state.at() : database.at();
    for (DatabaseView.Server server : database.servers().values()) {
      if (!Sight.answers(server, now, state.pollInterval()) && server.at().isBefore(since)) {
        since = server.at();
      }
    }
    return new Lines(
        "–",
        since.equals(Instant.EPOCH)
            ? Messages.text("replication.never")
            : Messages.text("replication.old", Format.utc(since)),
        "",
        "");
  }

  private static String routerNote(ApplicationView.@Nullable Router router, boolean lost) {
    if (router == null) {
      return Messages.text("router.none");
    }
    if (lost) {
      return Messages.text("router.silent");
    }
    if (router.holding()) {
      return Messages.text("router.holding", Format.count(router.held()));
    }
    Colour observed = router.observed();
    Colour intended = router.intended();
    String seen = observed == null ? Messages.text("router.unknown") : Words.marked(observed);
    return intended == null || intended == observed
        ? Messages.text("router.to", seen)
        : Messages.text("router.differs", Words.marked(intended), seen);
  }

  private record Lines(String number, String bytes, String rate, String wayBack) {}

  private static Lines lines(@Nullable DatabaseView database, @Nullable ReleaseView release) {
    if (database == null) {
      return new Lines("–", Messages.text("replication.none"), "", "");
    }
    DatabaseView.Replication replication = database.replication();
    Direction forward = replication.forward();
    Direction reverse = replication.reverse();
    if (forward.state() == Direction.State.ABSENT && reverse.state() == Direction.State.ABSENT) {
      return new Lines("–", Messages.text("replication.absent"), "", "");
    }
    boolean back = movedAway(release) || forward.state() == Direction.State.ABSENT;
    Direction leading = back ? reverse : forward;
    Direction other = back ? forward : reverse;
    Colour to = back ? replication.source() : replication.source().other();
    return new Lines(
        leading.state() == Direction.State.BROKEN && Coming.isSetUp(release)
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
