package dev.signalbox.cli;

import dev.signalbox.engine.ReleaseView.Status;

/// The words for where a release stands, in text and in JSON.
final class StatusWords {
  private StatusWords() {}

  static String word(Status status) {
    return switch (status) {
      case Status.Running ignored -> "running";
      case Status.Ready ignored -> "ready";
      case Status.Moving ignored -> "moving";
      case Status.Watching ignored -> "watching";
      case Status.Holding ignored -> "holding";
      case Status.CleaningUp ignored -> "cleaning-up";
      case Status.GivingUp ignored -> "giving-up";
      case Status.Completed ignored -> "completed";
      case Status.GivenUp ignored -> "given-up";
    };
  }

  /// What is being moved, or the reason, for a person; empty for most.
  static String reason(Status status) {
    return switch (status) {
      case Status.Moving(var move, String ignored) -> move.toString();
      case Status.Holding(String reason) -> reason;
      default -> "";
    };
  }

  /// The id of the step, or the reason, for a program; empty for most.
  static String detail(Status status) {
    return switch (status) {
      case Status.Running(String step) -> step;
      case Status.Moving(var move, String step) -> move + ": " + step;
      case Status.CleaningUp(String step) -> step;
      case Status.GivingUp(String step) -> step;
      case Status.Holding(String reason) -> reason;
      case Status.Ready ignored -> "";
      case Status.Watching ignored -> "";
      case Status.Completed ignored -> "";
      case Status.GivenUp ignored -> "";
    };
  }
}
