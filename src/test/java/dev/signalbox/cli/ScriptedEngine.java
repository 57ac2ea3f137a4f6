package dev.signalbox.cli;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The boundary at which the command line is tested: a script says what the engine does.
final class ScriptedEngine implements Engine {
  final List<Command> submitted = new CopyOnWriteArrayList<>();
  private final List<Consumer<EngineSnapshot>> observers = new CopyOnWriteArrayList<>();
  private final List<EngineEvent> events = new CopyOnWriteArrayList<>();
  private final BiConsumer<Command, Script> script;
  private volatile EngineSnapshot snapshot;
  final AtomicInteger looks = new AtomicInteger();
  volatile boolean closed;

  /// What a script may do when a command comes. It runs on a thread of its own.
  interface Script {
    void show(EngineSnapshot next);

    void event(String text);

    void event(EventPayload payload, String text);

    void end(@Nullable Outcome outcome);

    ScriptedEngine engine();
  }

  ScriptedEngine(EngineSnapshot first, BiConsumer<Command, Script> script) {
    this.snapshot = first;
    this.script = script;
  }

  void show(EngineSnapshot next) {
    snapshot = next;
    observers.forEach(o -> o.accept(next));
  }

  void event(EventPayload payload, String text) {
    event(events.size() + 1L, payload, text);
  }

  void event(long sequence, EventPayload payload, String text) {
    events.add(
        new EngineEvent(
            sequence,
            Snapshots.AT,
            1,
            7,
            "me@desk",
            payload,
            Phase.PREPARE,
            "database.copy",
            text));
  }

  @Override
  public EngineSnapshot snapshot() {
    looks.incrementAndGet();
    return snapshot;
  }

  @Override
  public Subscription observe(Consumer<EngineSnapshot> observer) {
    observers.add(observer);
    observer.accept(snapshot);
    return () -> observers.remove(observer);
  }

  @Override
  public List<EngineEvent> events(long after, int limit) {
    return new ArrayList<>(events).stream().filter(e -> e.sequence() > after).limit(limit).toList();
  }

  @Override
  public CompletionStage<Outcome> submit(Command command) {
    submitted.add(command);
    CompletableFuture<Outcome> done = new CompletableFuture<>();
    Script hands =
        new Script() {
          @Override
          public void show(EngineSnapshot next) {
            ScriptedEngine.this.show(next);
          }

          @Override
          public void event(String text) {
            ScriptedEngine.this.event(new EventPayload.StepDone(null, 7), text);
          }

          @Override
          public void event(EventPayload payload, String text) {
            ScriptedEngine.this.event(payload, text);
          }

          @Override
          public ScriptedEngine engine() {
            return ScriptedEngine.this;
          }

          @Override
          public void end(@Nullable Outcome outcome) {
            done.complete(outcome);
          }
        };
    Thread.ofVirtual().start(() -> script.accept(command, hands));
    return done;
  }

  @Override
  public void close() {
    closed = true;
  }
}
