package dev.signalbox.demo;

import dev.signalbox.engine.Engine;
import java.time.Duration;

/// Shows what is new: events soon, figures once a second.
public final class DemoTicker {
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final Thread thread;
  private final Engine engine;
  private final DemoScreen screen;

  /// Begins at once.
  public DemoTicker(Engine engine, DemoRun run, DemoScreen screen) {
    this.engine = engine;
    this.screen = screen;
    this.thread =
        Thread.ofVirtual()
            .name("demo-ticker")
            .start(() -> {
              try {
                for (int n = 1; ; n++) {
                  Thread.sleep(INTERVAL);
                  screen.events(engine);
                  if (n % 4 == 0) {
                    screen.figures(engine.snapshot(), run.counts(), run.queryCounts());
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  /// Shows what is still new, then no more.
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
    screen.events(engine);
  }
}
