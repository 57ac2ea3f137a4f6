package dev.signalbox.engine.database;

import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.database.route.Routes;
import dev.signalbox.engine.release.model.Risk;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What a move would lose now.
///
/// @param problem what is wrong with the direction to the new side; empty when nothing is
record MoveRisk(Situation now, Routes routes, String problem) {
  /// Tables named in a sentence.
  private static final int NAMED = 3;

  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  Risk risk() {
    Seen from = now.from();
    Seen to = now.to();
    Move move = now.move();
    if (!to.reachable()) {
      return new Risk(false, 0, to.problem(move.to()) + "; there is nothing to go to.");
    }
    if (to.ends().receiver().isEmpty() || (from.reachable() && from.ends().sender().isEmpty())) {
      return new Risk(
          false, 0, "Nothing is replicated from " + move.from() + " to " + move.to() + " yet.");
    }
    String obstacle = routes.obstacle(move.to());
    if (!obstacle.isEmpty()) {
      return new Risk(false, 0, "Traffic cannot go to " + move.to() + ": " + obstacle + ".");
    }
    String stuck = routes.switched().obstacle();
    if (!stuck.isEmpty()) {
      return new Risk(false, 0, "Applications cannot be led to " + move.to() + ": " + stuck + ".");
    }
    if (!from.reachable()) {
      return new Risk(
          true,
          -1,
          move.from()
              + (from.at().equals(Instant.EPOCH)
                  ? " has not answered this console yet"
                  : " has not answered since " + UTC.format(from.at()) + " UTC")
              + "; writes that it took shortly before and that had not reached "
              + move.to()
              + " would be lost. "
              + from.ends()
                  .sender()
                  .map(sender -> "It was then " + sender.lagBytes() + " bytes ahead.")
                  .orElse("How far it was ahead is not known."));
    }
    if (!problem.isEmpty()) {
      return new Risk(false, 0, problem + "; the switch would wait for it in vain.");
    }
    String altered = from.ends().altered(to.ends());
    if (!altered.isEmpty()) {
      return new Risk(true, -1, altered);
    }
    List<TableName> both =
        from.content().unreplicated().stream()
            .filter(to.content().unreplicated()::contains)
            .toList();
    if (!both.isEmpty()) {
      return new Risk(
          true,
          -1,
          list(both)
              + (both.size() == 1 ? " was" : " were")
              + " created on both sides after the release began and "
              + (both.size() == 1 ? "is" : "are")
              + " not replicated: rows that "
              + move.from()
              + " has there and "
              + move.to()
              + " lacks would be lost.");
    }
    if (from.open() && to.writable()) {
      return new Risk(
          true,
          -1,
          "Both databases take writes, so what each of them has is not known to reach the other.");
    }
    Duration lag = now.lag();
    if (lag == null || lag.compareTo(Situation.LONGEST_BACK) > 0) {
      return new Risk(
          true,
          0,
          (lag == null
                  ? "How far " + move.to() + " is behind is not known"
                  : move.to() + " is more than " + Situation.LONGEST_BACK.toSeconds() + " s behind")
              + ": the switch waits for the last write on "
              + move.from()
              + ", and is taken back when that takes too long."
              + (to.activity().blockers().isEmpty()
                  ? ""
                  : " In the way may be " + to.activity().blockers().getFirst() + "."));
    }
    return new Risk(
        true,
        0,
        "Every write on "
            + move.from()
            + " reaches "
            + move.to()
            + ", and the switch waits for the last one."
            + (from.content().unreplicated().isEmpty()
                ? ""
                : " Rows of "
                    + list(from.content().unreplicated())
                    + ", only there, stay on "
                    + move.from()
                    + "."));
  }

  private static String list(List<TableName> names) {
    String some =
        names.stream().limit(NAMED).map(TableName::toString).collect(Collectors.joining(", "));
    return names.size() <= NAMED ? some : some + " and " + (names.size() - NAMED) + " more tables";
  }
}
