package dev.signalbox.engine;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/// The engine of one environment. Thread-safe; no method blocks its caller on a database or a
/// network, except [#close], which waits for the step under way up to its timeout.
public interface Engine extends AutoCloseable {
  /// The newest state.
  EngineSnapshot snapshot();

  /// Calls `observer` with the newest state at once, and with each newer one, from one engine
  /// thread at a time. States may be skipped, never reordered. The observer must return soon and
  /// not throw.
  ///
  /// @return a handle that ends the subscription
  Subscription observe(Consumer<EngineSnapshot> observer);

  /// Events with a sequence above `after`, oldest first, at most `limit` of them: those already
  /// read from the journal. [EngineSnapshot#lastEvent] tells whether there are newer ones.
  List<EngineEvent> events(long after, int limit);

  /// Submits a command. The stage completes when the command is done, refused or failed; it never
  /// completes exceptionally.
  CompletionStage<Outcome> submit(Command command);

  @Override
  void close();

  /// Handle of an observer. Closing twice is harmless.
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
