package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import java.io.IOException;
import java.util.Optional;

/// One way in which applications learn which database is theirs. Thread-safe.
///
/// Each stack is pointed to the database of its own colour before traffic comes to it, and says
/// itself which database it is connected to: only that proves that it arrived.
public interface DatabaseRoute {
  /// Points the applications of a stack to their database. Doing it again changes nothing.
  ///
  /// @return the generation of what they were told; rises with each change
  /// @throws dev.signalbox.engine.release.DeposedException when a console with a higher epoch did
  ///   it
  /// @throws IOException with a sentence, when it cannot be done
  long point(Colour stack, long epoch) throws IOException;

  /// The generation of what the applications of a stack were told last; -1 when nothing was.
  ///
  /// @throws IOException with a sentence, when it cannot be read
  long generation(Colour stack) throws IOException;

  /// What the applications of a stack say now of the database that they are connected to; empty
  /// when they cannot say that. Waits at most two seconds.
  ///
  /// @throws IOException with a sentence, when they do not answer
  Optional<Acknowledgement> acknowledgement(Colour stack) throws IOException, InterruptedException;
}
