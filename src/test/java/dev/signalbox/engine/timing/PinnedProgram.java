package dev.signalbox.engine.timing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Main class of a program that starts as ours may: two virtual threads meet at a class, and what
/// the class waits for is a third. Says `started`, or `stuck` when it did not within 5 s.
final class PinnedProgram {
  private static final CountDownLatch THIRD = new CountDownLatch(1);

  private PinnedProgram() {}

  public static void main(String[] args) throws InterruptedException {
    Carriers.provide();
    CountDownLatch mounted = new CountDownLatch(2);
    Runnable meet =
        () -> {
          mounted.countDown();
          Slow.touch();
        };
    Thread.ofVirtual().start(meet);
    Thread second = Thread.ofVirtual().start(meet);
    mounted.await();
    Thread.ofVirtual().start(THIRD::countDown);
    System.out.println(second.join(Duration.ofSeconds(5)) ? "started" : "stuck");
    Runtime.getRuntime().halt(0);
  }

  private static final class Slow {
    static {
      try {
        if (!THIRD.await(1, TimeUnit.MINUTES)) {
          System.out.println("given up");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private Slow() {}

    static void touch() {}
  }
}
