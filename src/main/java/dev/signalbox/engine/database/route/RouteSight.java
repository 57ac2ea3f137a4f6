package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import java.time.Instant;
import java.util.Optional;

/// What was seen of a [SwitchedRoute].
///
/// @param told whether it can say where it leads
/// @param leads the side; empty when it is neither, not the same everywhere, or not known
/// @param paused whether transactions wait somewhere
/// @param possible whether it can be switched at all: what does not run can be, what hangs cannot
/// @param problem what is wrong with it; empty when nothing is
/// @param evidence in a few words
public record RouteSight(
    Instant at,
    boolean told,
    Optional<Colour> leads,
    boolean paused,
    boolean possible,
    String problem,
    String evidence) {
  static final RouteSight NOTHING =
      new RouteSight(Instant.EPOCH, true, Optional.empty(), false, true, "", "");

  public static RouteSight leading(Colour side, boolean paused, String evidence) {
    return new RouteSight(Instant.now(), true, Optional.of(side), paused, true, "", evidence);
  }

  public static RouteSight wrong(String problem) {
    return new RouteSight(Instant.now(), true, Optional.empty(), false, false, problem, "");
  }

  /// Whether anybody has looked yet.
  public boolean asked() {
    return at.isAfter(Instant.EPOCH);
  }

  /// Whether it leads there for certain, whoever waits.
  public boolean leadsTo(Colour side) {
    return told && problem.isEmpty() && leads.equals(Optional.of(side));
  }

  /// Why it does not lead to a side with nobody waiting; empty when it does, or cannot say.
  public String objection(Colour side) {
    if (!problem.isEmpty()) {
      return problem;
    } else if (told && !leads.equals(Optional.of(side))) {
      return leads.map(other -> "it leads to " + other).orElse("where it leads is not clear")
          + ", not to "
          + side;
    }
    return paused ? "transactions wait in it" : "";
  }
}
