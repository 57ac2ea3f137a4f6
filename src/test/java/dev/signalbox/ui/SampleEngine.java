package dev.signalbox.ui;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// An engine that says what a test wants it to say. It exists only to draw and test the window.
public final class SampleEngine implements Engine {
  /// A command that was given, and the stage that a test completes.
  public record Given(Command command, CompletableFuture<Outcome> answer) {}

  private final List<Consumer<EngineSnapshot>> observers = new CopyOnWriteArrayList<>();
  private final List<Given> given = new CopyOnWriteArrayList<>();
  private volatile List<EngineEvent> events = List.of();
  private volatile EngineSnapshot snapshot;

  public SampleEngine(EngineSnapshot first) {
    snapshot = first;
  }

  public void publish(EngineSnapshot next) {
    snapshot = next;
    observers.forEach(observer -> observer.accept(next));
  }

  public void tell(List<EngineEvent> all) {
    events = List.copyOf(all);
  }

  public List<Given> given() {
    return given;
  }

  @Override
  public EngineSnapshot snapshot() {
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
    return events.stream().filter(event -> event.sequence() > after).limit(limit).toList();
  }

  @Override
  public CompletionStage<Outcome> submit(Command command) {
    Given order = new Given(command, new CompletableFuture<>());
    given.add(order);
    return order.answer();
  }

  @Override
  public void close() {}
}
