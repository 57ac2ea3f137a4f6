package dev.signalbox.engine;

/// How a command ended, in a sentence for the operator.
public sealed interface Outcome {
  String text();

  /// The engine did it.
  record Done(String text) implements Outcome {}

  /// The engine did nothing, and says why.
  record Refused(String text) implements Outcome {}

  /// The engine tried; the text says what stands and what to do.
  record Failed(String text) implements Outcome {}
}
