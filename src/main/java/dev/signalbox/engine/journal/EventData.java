package dev.signalbox.engine.journal;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.EventPayload.GateSeen;
import dev.signalbox.engine.EventPayload.MoveDone;
import dev.signalbox.engine.EventPayload.MoveProven;
import dev.signalbox.engine.EventPayload.MoveStarted;
import dev.signalbox.engine.EventPayload.MoveUndone;
import dev.signalbox.engine.EventPayload.Ordered;
import dev.signalbox.engine.EventPayload.Plain;
import dev.signalbox.engine.EventPayload.ReleaseEnded;
import dev.signalbox.engine.EventPayload.ReleaseStarted;
import dev.signalbox.engine.EventPayload.StepDone;
import dev.signalbox.engine.EventPayload.UndoDone;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The one place that knows how an [EventPayload] stands in the column `data` of the journal: pairs
/// of texts, over which the [Chain] hashes.
///
/// Durations are written as ISO 8601 says (`took`, `stall`). Earlier versions wrote milliseconds
/// with fractions (`ms`, `stallMs`); these are read too.
final class EventData {
  private static final String COMPLETED = "completed";

  private EventData() {}

  static Map<String, String> encode(EventPayload payload) {
    Map<String, String> data = new TreeMap<>();
    switch (payload) {
      case Plain _ -> {
        // The kind says it all.
      }
      case Ordered order -> data.put("command", word(order));
      case ReleaseStarted(String version, Colour origin, Colour target) -> {
        data.put("version", version);
        data.put("origin", origin.id());
        data.put("target", target.id());
      }
      case StepDone(Duration took, long epoch) -> {
        put(data, "took", took);
        data.put("epoch", Long.toString(epoch));
      }
      case UndoDone(long epoch) -> data.put("epoch", Long.toString(epoch));
      case MoveStarted(Move move, boolean lossAcknowledged) -> {
        put(data, move);
        data.put("lossAcknowledged", Boolean.toString(lossAcknowledged));
      }
      case MoveDone(Move move, Duration stall, boolean proven) -> {
        put(data, move);
        put(data, "stall", stall);
        data.put("proven", Boolean.toString(proven));
      }
      case MoveProven(Move move) -> put(data, move);
      case MoveUndone(Move move, Duration stall, boolean takenBack) -> {
        put(data, move);
        put(data, "stall", stall);
        data.put("takenBack", Boolean.toString(takenBack));
      }
      case GateSeen(GateView.State state) -> data.put("state", state.name());
      case ReleaseEnded(boolean completed) ->
          data.put("result", completed ? COMPLETED : "given up");
    }
    return data;
  }

  /// @param epoch of the entry: what says no other happened under this one
  /// @throws IllegalArgumentException when the data does not say what its kind needs
  static EventPayload decode(Kind kind, Map<String, String> data, long epoch) {
    return switch (kind) {
      case LEASE_TAKEN -> Plain.LEASE_TAKEN;
      case PHASE_STARTED -> Plain.PHASE_STARTED;
      case PHASE_DONE -> Plain.PHASE_DONE;
      case STEP_INTENT -> Plain.STEP_INTENT;
      case STEP_FAILED -> Plain.STEP_FAILED;
      case UNDO_INTENT -> Plain.UNDO_INTENT;
      case UNDO_FAILED -> Plain.UNDO_FAILED;
      case HOLDING -> Plain.HOLDING;
      case GIVE_UP_STARTED -> Plain.GIVE_UP_STARTED;
      case NOTE -> Plain.NOTE;
      case COMMAND -> order(data.getOrDefault("command", ""));
      case RELEASE_STARTED ->
          new ReleaseStarted(
              data.getOrDefault("version", ""), colour(data, "origin"), colour(data, "target"));
      case STEP_DONE -> new StepDone(duration(data, "took", "ms"), ranUnder(data, epoch));
      case UNDO_DONE -> new UndoDone(ranUnder(data, epoch));
      case MOVE_STARTED ->
          new MoveStarted(move(data), Boolean.parseBoolean(data.get("lossAcknowledged")));
      case MOVE_DONE ->
          new MoveDone(
              move(data), duration(data, "stall", "stallMs"), !"false".equals(data.get("proven")));
      case MOVE_PROVEN -> new MoveProven(move(data));
      case MOVE_UNDONE ->
          new MoveUndone(
              move(data),
              duration(data, "stall", "stallMs"),
              Boolean.parseBoolean(data.get("takenBack")));
      case GATE -> new GateSeen(GateView.State.valueOf(needed(data, "state")));
      case RELEASE_ENDED -> new ReleaseEnded(COMPLETED.equals(data.get("result")));
    };
  }

  private static void put(Map<String, String> data, Move move) {
    data.put("from", move.from().id());
    data.put("to", move.to().id());
  }

  private static void put(Map<String, String> data, String key, @Nullable Duration duration) {
    if (duration != null) {
      data.put(key, duration.toString());
    }
  }

  private static String word(Ordered order) {
    return order.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static Ordered order(String word) {
    for (Ordered order : Ordered.values()) {
      if (word(order).equals(word)) {
        return order;
      }
    }
    return Ordered.OTHER;
  }

  private static Move move(Map<String, String> data) {
    return new Move(colour(data, "from"), colour(data, "to"));
  }

  private static Colour colour(Map<String, String> data, String key) {
    return Colour.parse(needed(data, key));
  }

  private static long ranUnder(Map<String, String> data, long epoch) {
    String own = data.get("epoch");
    return own == null ? epoch : Long.parseLong(own);
  }

  /// @param millis its key in earlier versions, where it was a number of milliseconds
  private static @Nullable Duration duration(Map<String, String> data, String key, String millis) {
    String iso = data.get(key);
    String earlier = data.get(millis);
    try {
      if (iso != null) {
        return Duration.parse(iso);
      }
      return earlier == null
          ? null
          : Duration.ofNanos(new BigDecimal(earlier).movePointRight(6).longValue());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + iso + "' is no duration", e);
    }
  }

  private static String needed(Map<String, String> data, String key) {
    String value = data.get(key);
    if (value == null) {
      throw new IllegalArgumentException("it does not say '" + key + "'");
    }
    return value;
  }
}
