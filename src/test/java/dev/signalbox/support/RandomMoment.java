package dev.signalbox.support;

import java.util.SplittableRandom;

/// Lets a drawn time pass, so that something happens at a moment that nobody chose. Not for
/// waiting: that is [Await].
public final class RandomMoment {
  private RandomMoment() {}

  /// @param latest milliseconds; at once when 0
  public static void pass(SplittableRandom random, int latest) throws InterruptedException {
    if (latest > 0) {
      Thread.sleep(random.nextInt(latest));
    }
  }
}
