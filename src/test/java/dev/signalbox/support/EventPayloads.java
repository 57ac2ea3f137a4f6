package dev.signalbox.support;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.EngineEvent.Kind;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Move;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Any payload an event can have, by a seed.
public final class EventPayloads {
  private final SplittableRandom random;

  private EventPayloads(SplittableRandom random) {
    this.random = random;
  }

  /// @param count of which some hundred meet every kind
  public static List<EventPayload> random(long seed, int count) {
    EventPayloads payloads = new EventPayloads(new SplittableRandom(seed));
    return IntStream.range(0, count).mapToObj(_ -> payloads.next()).toList();
  }

  private EventPayload next() {
    return switch (any(Kind.values())) {
      case RELEASE_STARTED ->
          new EventPayload.ReleaseStarted(text(), any(Colour.values()), any(Colour.values()));
      case COMMAND -> any(EventPayload.Ordered.values());
      case STEP_DONE -> new EventPayload.StepDone(duration(), random.nextLong());
      case UNDO_DONE -> new EventPayload.UndoDone(random.nextLong());
      case MOVE_STARTED -> new EventPayload.MoveStarted(move(), random.nextBoolean());
      case MOVE_DONE -> new EventPayload.MoveDone(move(), duration(), random.nextBoolean());
      case MOVE_PROVEN -> new EventPayload.MoveProven(move());
      case MOVE_UNDONE -> new EventPayload.MoveUndone(move(), duration(), random.nextBoolean());
      case GATE -> new EventPayload.GateSeen(any(GateView.State.values()));
      case RELEASE_ENDED -> new EventPayload.ReleaseEnded(random.nextBoolean());
      case LEASE_TAKEN,
          PHASE_STARTED,
          PHASE_DONE,
          STEP_INTENT,
          STEP_FAILED,
          UNDO_INTENT,
          UNDO_FAILED,
          HOLDING,
          GIVE_UP_STARTED,
          NOTE ->
          any(EventPayload.Plain.values());
    };
  }

  private <T> T any(T[] all) {
    return all[random.nextInt(all.length)];
  }

  private Move move() {
    return Move.to(any(Colour.values()));
  }

  private @Nullable Duration duration() {
    return switch (random.nextInt(4)) {
      case 0 -> null;
      case 1 -> Duration.ZERO;
      case 2 -> Duration.ofNanos(random.nextLong());
      default -> Duration.ofMillis(random.nextLong(100_000));
    };
  }

  /// Of the first characters, with quotes and what JSON escapes.
  private String text() {
    return random
        .ints(random.nextInt(20), 1, 0x250)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
