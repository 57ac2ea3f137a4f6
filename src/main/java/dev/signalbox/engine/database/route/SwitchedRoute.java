package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Identity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One place that all applications use, whatever their stack, and that a move leads from the old
/// side to the new one: a pooler, a file, a name. Thread-safe.
///
/// Every method ends in time: a look within two seconds, [#hold] when it was told to, everything
/// else within 2.5 s, but for a command whose own limit is longer. Each may be called again, also
/// by another process after this one died: it looks first and does what is left.
public interface SwitchedRoute extends AutoCloseable {
  /// In sentences, such as `PgBouncer 10.0.0.7:6432`.
  String name();

  /// Whether it can let transactions wait while the sides change.
  default boolean canHold() {
    return false;
  }

  /// How long to pause between two looks.
  ///
  /// @param poll of the database
  default Duration every(Duration poll) {
    return poll;
  }

  /// How long [#point] may take at most.
  default Duration longest() {
    return Duration.ofMillis(2500);
  }

  /// What is seen of it now. Changes nothing, and does not fail: what is wrong is a problem.
  ///
  /// @param identities which database each side is; empty while it is not known. Returns at once
  RouteSight look(Function<Colour, Optional<Identity>> identities) throws InterruptedException;

  /// Before a release copies anything: makes that applications use the live side alone.
  ///
  /// @throws IOException with a sentence, when it cannot be done
  default void prepare(Colour live, long epoch) throws IOException, InterruptedException {}

  /// Takes back what [#prepare] did to the side that is not live, when the release is given up.
  default void takeBack(Colour live, long epoch) throws IOException, InterruptedException {}

  /// At the end of a release: leaves the live side as it was before all releases.
  default void cleanUp(Colour live, long epoch) throws IOException, InterruptedException {}

  /// Just before a move: tries what a look may not try, such as writing beside a file.
  ///
  /// @throws IOException with a sentence that says what to do, when a switch would fail
  default void ready() throws IOException, InterruptedException {}

  /// Lets new transactions wait, and returns when no transaction is open any more. When that takes
  /// too long, lets everything go on and fails.
  ///
  /// @param until when it must have happened
  /// @throws IOException with a sentence that names what was in the way
  default void hold(Instant until) throws IOException, InterruptedException {}

  /// Leads to a side, and returns when it is seen to lead there. What is held stays held.
  ///
  /// @return what was seen, in a few words
  /// @throws dev.signalbox.engine.release.DeposedException when a console with a higher epoch did
  ///   it and the route can tell
  /// @throws IOException with a sentence, when it cannot be done or is not seen done
  String point(Colour to, long epoch) throws IOException, InterruptedException;

  /// Lets go on what waits and leads there, and returns when it is seen to go on.
  ///
  /// @param side where it must lead then: what does not answer now is mended later; null for where
  ///   it leads
  default void resume(@Nullable Colour side) throws IOException, InterruptedException {}

  /// Does what [#point] and [#resume] could not do where nothing answered, if that is so.
  default void mend() throws InterruptedException {}

  /// Ends its connections.
  @Override
  default void close() {}
}
