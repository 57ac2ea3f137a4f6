package dev.signalbox.driver;

import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Outcome;

/// What is said over the driver's socket, one object a line.
sealed interface Line {
  /// The driver's first word.
  ///
  /// @param version of the program; the other side must be the same
  record Hello(String version) implements Line {}

  /// What is known now. Sent at once, and whenever there is a newer state; never before the events
  /// that led to it.
  record State(EngineSnapshot snapshot) implements Line {}

  /// An event that came after the first state.
  record Event(EngineEvent event) implements Line {}

  /// A command is handed over.
  ///
  /// @param id chosen by the one who asks; the answer carries it
  record Order(long id, Command command) implements Line {}

  /// How a command ended. Sent after the state that it led to.
  record Answer(long id, Outcome outcome) implements Line {}
}
