package dev.signalbox.demo.load;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.signalbox.demo.query.QueryCounts;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The last line of a demo run.
///
/// @param switches that this run made, in the order in which they happened; null when other
///   consoles make them, which this run does not count
/// @param queries of the clients of the query cluster
/// @param load what they were served beside, and what came before anything was counted
@JsonPropertyOrder({"type", "switches", "totals", "queries", "load"})
public record Receipt(
    @Nullable List<Switch> switches, Totals totals, QueryCounts queries, Load load) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Whether nobody noticed and nothing was lost.
  @JsonIgnore
  public boolean isClean() {
    return totals.isClean() && queries.isClean();
  }

  /// Says what this line is.
  @JsonProperty
  public String type() {
    return "receipt";
  }

  /// One change-over.
  ///
  /// @param from `blue` or `green`
  /// @param stallMs the longest wait of a request whose life overlaps the switch
  /// @param failed requests without a good answer, resets among them
  @JsonPropertyOrder({"from", "to", "stallMs", "failed", "lost", "duplicated", "resets", "steps"})
  public record Switch(
      String from,
      String to,
      double stallMs,
      long failed,
      long lost,
      long duplicated,
      long resets,
      List<StepTime> steps) {
    public static Switch of(
        String from,
        String to,
        SwitchWindow felt,
        long lost,
        long duplicated,
        List<StepTime> steps) {
      Counts counts = felt.counts();
      return new Switch(
          from,
          to,
          millis(counts.longest()),
          counts.failed(),
          lost,
          duplicated,
          counts.resets() + counts.refused(),
          steps);
    }
  }

  /// How long a step took.
  @JsonPropertyOrder({"id", "ms"})
  public record StepTime(String id, double ms) {}

  /// Of the whole run.
  ///
  /// @param lost also writes that are there, but not as asked for, and sums that do not agree
  /// @param maxWaitMs the longest wait of any request, from the moment when it was to be sent
  @JsonPropertyOrder({"requests", "failed", "lost", "duplicated", "resets", "maxWaitMs"})
  public record Totals(
      long requests, long failed, long lost, long duplicated, long resets, double maxWaitMs) {
    public static Totals of(Counts counts, Reconciliation.Report report) {
      return new Totals(
          counts.requests(),
          counts.failed(),
          report.lost().size() + report.altered().size() + report.halfApplied().size(),
          report.duplicated().size(),
          counts.resets() + counts.refused(),
          millis(counts.longest()));
    }

    boolean isClean() {
      return failed == 0 && lost == 0 && duplicated == 0;
    }
  }

  /// How the run was loaded.
  ///
  /// @param asked requests a second, as the caller wished
  /// @param carried about how many the machine carries; [#asked] when it carries as many; null when
  ///   that was not found out
  /// @param rate requests a second of the run
  /// @param steady whether the service was steady when the run began
  /// @param warmUpRequests before that, which are in no other figure, and how many of them failed
  @JsonPropertyOrder({
    "asked",
    "carried",
    "rate",
    "steady",
    "warmUpMs",
    "warmUpRequests",
    "warmUpFailed"
  })
  public record Load(
      int asked,
      @Nullable Integer carried,
      int rate,
      boolean steady,
      double warmUpMs,
      long warmUpRequests,
      long warmUpFailed) {
    public static Load of(LoadRate found, Counts warmUp) {
      return new Load(
          found.asked(),
          found.steady() || found.carried() > found.rate() ? found.carried() : null,
          found.rate(),
          found.steady(),
          millis(found.warmUp()),
          warmUp.requests(),
          warmUp.failed());
    }
  }

  /// As one line.
  public String toJson() {
    return JSON.writeValueAsString(this);
  }

  /// To a tenth.
  static double millis(Duration duration) {
    return Math.round(duration.toNanos() / 100_000.0) / 10.0;
  }
}
