package dev.signalbox.strategy.query;

import dev.signalbox.strategy.ErrorClass;
import dev.signalbox.strategy.StrategyException;
import org.jspecify.annotations.Nullable;

/// The cluster sent a result that does not follow the protocol.
public final class MalformedAnswerException extends StrategyException {
  private static final long serialVersionUID = 1L;

  MalformedAnswerException(String what) {
    this(what, null);
  }

  MalformedAnswerException(String what, @Nullable Throwable cause) {
    super(ErrorClass.PERMANENT, "The cluster sent a result that cannot be read: " + what, cause);
  }
}
