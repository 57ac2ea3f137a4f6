package dev.signalbox.demo.load;

import java.time.Duration;

/// Finds a rate at which the service is steady, from one window of the load after the other.
///
/// The rate begins low and doubles while the service follows, up to what was asked for. When a
/// whole window's requests are open, the service is overloaded: nothing is sent until all have
/// ended. If it answered more than when it was overloaded before, it still warms up, and the same
/// rate is tried again; else the machine cannot carry it, and the rate is lowered and rises no
/// more. Steady are three windows in a row in which nothing failed, about as much was answered as
/// was sent, few requests were open and no wait was long. Bounded in windows: a service that is not
/// steady by then, but answers, is taken as it is. Used by one thread.
final class SteadyState {
  private static final int FIRST_RATE = 100;
  private static final int STEADY = 3;
  private static final int SILENT = 10;
  private static final int LIMIT = 60;
  private static final Duration LONG_WAIT = Duration.ofMillis(200);

  /// What a service must gain from one overload to the next to be still warming up.
  private static final double GAIN = 1.15;

  /// Of what the machine carries, so that a switch finds room.
  private static final double MARGIN = 0.8;

  private final int asked;
  private int rate;
  private int carried;
  private boolean lowered;
  private boolean steady;
  private Duration took = Duration.ZERO;

  private int windows;
  private long answered;

  /// Answers a second, in the best window before the overload before.
  private double bestBefore;

  // Since the rate was set.
  private boolean paused;
  private int sending;
  private int calm;
  private int well;
  private double best;

  /// What the client is to do until the next window.
  enum Next {
    GO_ON,
    /// Send nothing until all have ended.
    PAUSE,
    /// Send at [LoadRate#rate].
    SEND,
    /// Count from now on.
    BEGIN,
    /// The service does not answer, or not well enough to begin.
    GIVE_UP
  }

  SteadyState(int asked) {
    this.asked = asked;
    this.rate = Math.min(asked, FIRST_RATE);
    this.carried = rate;
  }

  /// As known now.
  LoadRate rate() {
    return new LoadRate(asked, carried, rate, steady, took);
  }

  /// @param window the newest one
  Next judge(LoadWindow window) {
    windows++;
    took = took.plus(window.took());
    answered += window.answered();
    best = Math.max(best, window.answered() / window.seconds());
    if (answered == 0 && windows >= SILENT) {
      return Next.GIVE_UP;
    }
    if (paused) {
      return window.open() > 0 ? Next.GO_ON : tryAgain();
    }
    sending++;
    calm = isCalm(window) ? calm + 1 : 0;
    well = isWell(window) ? well + 1 : 0;
    boolean highest = lowered || rate == asked;
    if (highest && calm == STEADY) {
      steady = true;
      return Next.BEGIN;
    }
    if (windows >= LIMIT && (sending >= STEADY || isOverloaded(window))) {
      return well >= STEADY ? Next.BEGIN : Next.GIVE_UP;
    }
    if (isOverloaded(window)) {
      paused = true;
      return Next.PAUSE;
    }
    if (!highest && isWell(window) && window.open() <= rate * window.seconds() / 2) {
      rate = Math.min(asked, 2 * rate);
      carried = rate;
      return send();
    }
    return Next.GO_ON;
  }

  private Next tryAgain() {
    if (best > bestBefore * GAIN) {
      bestBefore = best;
    } else if (best > 0) {
      // It did not carry all of it, though a window may make up for a pause.
      double most = Math.min(best, rate * 0.95);
      carried = twoDigits(most);
      rate = twoDigits(most * MARGIN);
      lowered = true;
    }
    return send();
  }

  private Next send() {
    paused = false;
    sending = 0;
    calm = 0;
    well = 0;
    best = 0;
    return Next.SEND;
  }

  private boolean isCalm(LoadWindow window) {
    // By one request more or less: at a low rate a window may just miss it.
    return isWell(window)
        && window.answered() + 1 >= 0.95 * rate * window.seconds()
        && window.open() <= 1 + rate * LONG_WAIT.toMillis() / 1000.0
        && window.ended().longest().compareTo(LONG_WAIT) <= 0;
  }

  private boolean isWell(LoadWindow window) {
    return window.ended().failed() == 0 && !isOverloaded(window);
  }

  private boolean isOverloaded(LoadWindow window) {
    return window.open() > 1 + rate * window.seconds();
  }

  /// Rounded down; at least 1.
  private static int twoDigits(double value) {
    int unit = 1;
    while (value / unit >= 100) {
      unit *= 10;
    }
    return Math.max(1, unit * (int) (value / unit));
  }
}
