package dev.signalbox.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the release stands.
///
/// @param number counts within the environment
/// @param origin and target the stacks it was started between; `live` is where traffic is now
/// @param next a sentence: what happens next, or what the operator may do
/// @param moves every switch of traffic so far, the way back included
public record ReleaseView(
    long number,
    String version,
    Colour origin,
    Colour target,
    Status status,
    Phase phase,
    List<PhaseView> phases,
    String next,
    List<MoveView> moves,
    Instant startedAt,
    @Nullable Instant endedAt) {
  /// Whether the last switch that was made led to the target; one that is under way, or that was
  /// undone, does not count.
  public boolean onTarget() {
    return moves.stream()
        .filter(move -> move.result() == MoveView.Result.DONE)
        .reduce((_, last) -> last)
        .map(last -> last.move().to() == target)
        .orElse(false);
  }

  /// Whether what it did was undone, or is being undone, also while something holds that up.
  public boolean isGivenUp() {
    return phases.stream()
        .anyMatch(each ->
            each.phase() == Phase.INITIALIZE
                && (each.state() == PhaseView.State.UNDOING
                    || each.state() == PhaseView.State.UNDONE));
  }

  /// The last switch, when it is neither undone nor taken back by a later one; null when there is
  /// none.
  public @Nullable MoveView lastStanding() {
    MoveView last = moves.isEmpty() ? null : moves.getLast();
    return last == null || last.result() != MoveView.Result.DONE ? null : last;
  }

  /// What the release is doing.
  public sealed interface Status {
    /// A phase is under way.
    record Running(String step) implements Status {}

    /// Both stacks are in step; the cutover waits for the operator (and for gates).
    record Ready() implements Status {}

    /// Traffic and writes are changing over.
    record Moving(Move move, String step) implements Status {}

    /// The target is live and is being watched.
    record Watching() implements Status {}

    /// Something is in the way; the reason says what and what to do.
    record Holding(String reason) implements Status {}

    /// The target is kept for good; what the way back needed is being removed.
    record CleaningUp(String step) implements Status {}

    /// The release is given up: what it did is being undone.
    record GivingUp(String step) implements Status {}

    /// Ended with the target live.
    record Completed() implements Status {}

    /// Ended with the origin live and everything undone.
    record GivenUp() implements Status {}
  }

  /// @param took null while not begun; the time so far while running
  public record PhaseView(Phase phase, State state, @Nullable Duration took, String detail) {
    public enum State {
      WAITING,
      RUNNING,
      HOLDING,
      DONE,
      /// What it did is being undone.
      UNDOING,
      /// What it did was undone.
      UNDONE
    }
  }

  /// One switch.
  ///
  /// @param stall how long writes were held, measured by the engine; null while under way
  public record MoveView(
      Move move, Result result, Instant at, @Nullable Duration stall, List<StepTime> steps) {
    public enum Result {
      UNDER_WAY,
      DONE,
      UNDONE
    }
  }

  public record StepTime(String step, Duration took) {}
}
