package dev.signalbox.ui.order;

/// What became of an order.
public sealed interface OrderState {
  /// None was given, or its answer was read.
  record Idle() implements OrderState {}

  /// Given to the engine, which has not answered yet.
  record Sent() implements OrderState {}

  /// @param text the engine's sentence
  record Done(String text) implements OrderState {}

  /// Nothing was done; the text says why.
  record Refused(String text) implements OrderState {}

  /// Tried without success; the text says what stands and what to do.
  record Failed(String text) implements OrderState {}
}
