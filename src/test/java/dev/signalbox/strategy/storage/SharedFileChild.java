package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.ClusterKey;
import dev.signalbox.strategy.StoredStrategy;
import dev.signalbox.strategy.Strategy;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/// Changes the shared file until it is killed, and writes a line after each change.
final class SharedFileChild {
  static final ClusterKey KEY = new ClusterKey("shared:1", "sales");
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private SharedFileChild() {}

  /// @param args the shared file; the file for the acknowledgements
  public static void main(String[] args) throws IOException {
    long end = System.nanoTime() + LONGEST.toNanos();
    FileStrategyStorage storage = open(Path.of(args[0]));
    try (OutputStream acknowledged = new FileOutputStream(args[1])) {
      while (System.nanoTime() - end < 0) {
        long version = storage.update(KEY, SharedFileChild::toggled).version();
        acknowledged.write((version + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  /// Waits long for the lock: on a busy machine a change in memory would look like a lost one.
  static FileStrategyStorage open(Path file) {
    return new FileStrategyStorage(
        new StrategyFile(file, new RealDisk()),
        new Freshness(Duration.ofHours(1), InstantSource.system()),
        (_, _) -> {},
        Duration.ofSeconds(30),
        0);
  }

  /// Another state each time, so that each update is a change.
  static StoredStrategy toggled(StoredStrategy before) {
    Strategy active = before.active() == Strategy.BLUE ? Strategy.GREEN : Strategy.BLUE;
    return new StoredStrategy(
        active, before.version() % 3 == 0 ? active.other() : null, System.currentTimeMillis(), 0);
  }
}
