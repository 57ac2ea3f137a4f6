package dev.signalbox.strategy;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Tries to authenticate on one stack.
@FunctionalInterface
public interface StrategyProbe {
  /// @param limit after which it must have ended
  Answer ask(Strategy strategy, Duration limit);

  /// What a stack answered.
  sealed interface Answer {
    /// @param announced `new_strategy` of the answer; null when it carried none
    record Accepted(@Nullable String announced) implements Answer {}

    record Refused(StrategyException failure) implements Answer {}
  }
}
