package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.StrategyException;
import org.jspecify.annotations.Nullable;

/// The query was executed, and its result cannot be read to its end. Rows that were delivered are
/// right but not all; nothing is fetched again behind the application's back.
public final class QueryInterruptedException extends StrategyException {
  private static final long serialVersionUID = 1L;

  private final long rowsDelivered;

  QueryInterruptedException(
      ErrorClass errorClass, long rowsDelivered, String why, @Nullable Throwable cause) {
    super(
        errorClass,
        "The query was executed, but its result ended after %,d rows: %s"
            .formatted(rowsDelivered, why),
        cause);
    this.rowsDelivered = rowsDelivered;
  }

  public long rowsDelivered() {
    return rowsDelivered;
  }
}
