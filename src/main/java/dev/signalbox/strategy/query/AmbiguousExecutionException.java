package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.StrategyException;

/// Whether the query was executed is not known: the answer never came. It is not repeated; repeat
/// it only if executing it twice does no harm.
public final class AmbiguousExecutionException extends StrategyException {
  private static final long serialVersionUID = 1L;

  AmbiguousExecutionException(ErrorClass errorClass, String why, Throwable cause) {
    super(
        errorClass,
        "The query may have been executed, or not: "
            + why
            + " Repeat it only if executing it twice does no harm.",
        cause);
  }
}
