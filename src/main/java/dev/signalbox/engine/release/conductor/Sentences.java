package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.model.Doing.Work;
import dev.signalbox.engine.release.model.ReleaseState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Sentences for the operator: what went wrong, and what a move came to.
final class Sentences {
  private Sentences() {}

  static String of(Throwable failure) {
    if (failure instanceof InterruptedException) {
      return "it was cancelled";
    }
    Throwable deepest = failure;
    String text = deepest.getMessage();
    while ((text == null || text.isBlank()) && deepest.getCause() != null) {
      deepest = deepest.getCause();
      text = deepest.getMessage();
    }
    return text == null || text.isBlank() ? deepest.getClass().getSimpleName() : text.strip();
  }

  static String closing(String actor) {
    return "The console '" + actor + "' is being closed";
  }

  static String closed(String actor) {
    return closing(actor) + "; give the command again in a moment.";
  }

  /// What somebody does who goes on with the release.
  static String takingUp(ReleaseState state) {
    return switch (state.work()) {
      case Work.SetUp _ -> "Work up to the cutover";
      case Work.Moving moving -> "Take up the move " + moving.move();
      case Work.Proving proving -> "Prove the move " + proving.move();
      case Work.CleaningUp _ -> "Clean up";
      case Work.GivingUp _ -> "Give up the release";
      case Work.Ready _, Work.Watching _, Work.Ended _ -> "Go on";
    };
  }

  /// @param stall null when it was not measured
  static String live(Move move, @Nullable Duration stall) {
    return move.to()
        + " is live"
        + (stall == null ? "." : "; from hold to route it took " + DurationText.words(stall) + ".");
  }
}
