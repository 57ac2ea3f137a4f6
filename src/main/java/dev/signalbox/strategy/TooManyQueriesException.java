package dev.signalbox.strategy;

/// As many queries are open as may be: clear some first.
public final class TooManyQueriesException extends StrategyException {
  private static final long serialVersionUID = 1L;

  public TooManyQueriesException(int most) {
    super(
        ErrorClass.PERMANENT,
        "There are %d open queries, as many as may be. Clear some, or raise max-open-queries."
            .formatted(most),
        null);
  }
}
