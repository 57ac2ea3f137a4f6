package dev.signalbox.strategy;

import org.jspecify.annotations.Nullable;

/// Where a client stands with one cluster.
public sealed interface StrategyState {
  /// Nothing is known: the next query detects.
  record NoStrategy() implements StrategyState {}

  /// A thread asks the stacks which of them is in use.
  record Detecting() implements StrategyState {}

  record Blue() implements StrategyState {}

  record Green() implements StrategyState {}

  /// `pending` is announced: new queries go there, open ones stay where they are.
  record Transitioning(Strategy active, Strategy pending) implements StrategyState {}

  /// No stack accepted the client. The next query tries again.
  ///
  /// @param reason names what each stack answered
  record Failed(String reason) implements StrategyState {}

  /// What a state is by what is stored and what this process is doing.
  ///
  /// @param failure why the last detection failed; null when it did not
  static StrategyState of(StoredStrategy stored, boolean detecting, @Nullable String failure) {
    Strategy active = stored.active();
    Strategy pending = stored.pending();
    if (active != null && pending != null) {
      return new Transitioning(active, pending);
    }
    Strategy known = active == null ? pending : active;
    if (known != null) {
      return known == Strategy.BLUE ? new Blue() : new Green();
    }
    if (detecting) {
      return new Detecting();
    }
    return failure == null ? new NoStrategy() : new Failed(failure);
  }

  /// As reports and screens name it: `no-strategy`, `detecting`, `blue`, `green`, `transitioning`
  /// or `error`.
  default String label() {
    return switch (this) {
      case NoStrategy() -> "no-strategy";
      case Detecting() -> "detecting";
      case Blue() -> "blue";
      case Green() -> "green";
      case Transitioning _ -> "transitioning";
      case Failed _ -> "error";
    };
  }
}
