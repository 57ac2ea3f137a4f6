package dev.signalbox.demo.query;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;

/// What happened to queries. Immutable.
///
/// @param queries that have ended, one way or the other
/// @param failed without a whole answer
/// @param wrong whose answer is not what it must be, or comes from two stacks
/// @param open begun and not ended yet; at the end of a run also what the cluster still holds
/// @param blue answered by the blue stack
/// @param green answered by the green stack
/// @param longestMs from execute to the end of the clear, of the longest one
@JsonPropertyOrder({"queries", "failed", "wrong", "open", "blue", "green", "longestMs"})
public record QueryCounts(
    long queries, long failed, long wrong, long open, long blue, long green, double longestMs) {
  public static final QueryCounts NONE = new QueryCounts(0, 0, 0, 0, 0, 0, 0);

  /// Whether every query got its right answer and none was forgotten.
  @JsonIgnore
  public boolean isClean() {
    return failed == 0 && wrong == 0 && open == 0;
  }

  QueryCounts begun() {
    return new QueryCounts(queries, failed, wrong, open + 1, blue, green, longestMs);
  }

  QueryCounts ended(QueryOutcome outcome, Duration took) {
    return new QueryCounts(
        queries + 1,
        failed + (outcome.failed() ? 1 : 0),
        wrong + (outcome.wrong() ? 1 : 0),
        open - 1,
        blue + (outcome.stack().equals("blue") ? 1 : 0),
        green + (outcome.stack().equals("green") ? 1 : 0),
        Math.max(longestMs, Math.round(took.toNanos() / 100_000.0) / 10.0));
  }

  /// The same with what the cluster holds that no client does.
  public QueryCounts withOpen(long forgotten) {
    return new QueryCounts(queries, failed, wrong, open + forgotten, blue, green, longestMs);
  }
}
