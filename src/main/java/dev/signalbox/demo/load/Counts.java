package dev.signalbox.demo.load;

import java.time.Duration;

/// What happened to requests. Immutable.
///
/// @param requests that have ended, one way or the other
/// @param failed without an answer of 200 to 299: the three below, and other answers
/// @param resets of [#failed]: the connection broke
/// @param refused of [#failed]: no connection could be made
/// @param timeouts of [#failed]: no answer in time
/// @param blue answers from the blue stack
/// @param green answers from the green stack
/// @param longest wait from the intended time to the end
public record Counts(
    long requests,
    long failed,
    long resets,
    long refused,
    long timeouts,
    long blue,
    long green,
    Duration longest) {
  public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, Duration.ZERO);

  Counts plus(Ended ended) {
    Outcome o = ended.outcome();
    return new Counts(
        requests + 1,
        failed + (o == Outcome.ANSWERED ? 0 : 1),
        resets + (o == Outcome.RESET ? 1 : 0),
        refused + (o == Outcome.REFUSED ? 1 : 0),
        timeouts + (o == Outcome.TIMED_OUT ? 1 : 0),
        blue + (ended.stack().equals("blue") ? 1 : 0),
        green + (ended.stack().equals("green") ? 1 : 0),
        ended.waited().compareTo(longest) > 0 ? ended.waited() : longest);
  }

  /// How a request ended.
  enum Outcome {
    ANSWERED,
    WRONG_ANSWER,
    RESET,
    REFUSED,
    TIMED_OUT
  }

  /// @param stack that answered; empty when none said so
  record Ended(Outcome outcome, String stack, Duration waited) {}
}
