package dev.signalbox.strategy.storage;

import dev.signalbox.strategy.storage.StrategyText.Content;
import dev.signalbox.strategy.storage.StrategyText.Damaged;
import dev.signalbox.strategy.storage.StrategyText.Good;
import dev.signalbox.strategy.storage.StrategyText.Newer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The file that processes share, with the lock beside it. Holds nothing open between calls.
///
/// A change is written to a file of its own and forced to the disk; then that file takes the place
/// of the old one in one step. So a process that dies anywhere leaves the old content or the new
/// one, and its lock is released by the operating system. The folder itself is not forced: after a
/// power cut the old content may be back, which costs a detection.
///
/// Called by one thread of this process at a time: locks on files belong to the whole process.
final class StrategyFile {
  private final Path data;
  private final Path lock;
  private final Path next;
  private final Path damaged;
  private final Disk disk;
  private Disk.@Nullable Stamp lastSeen;

  /// @param data the files beside it have its name with `.lock`, `.next` and `.damaged`
  StrategyFile(Path data, Disk disk) {
    this.data = data.toAbsolutePath().normalize();
    this.lock = beside(".lock");
    this.next = beside(".next");
    this.damaged = beside(".damaged");
    this.disk = disk;
  }

  private Path beside(String ending) {
    return data.resolveSibling(data.getFileName() + ending);
  }

  Path path() {
    return data;
  }

  /// Reads the file without the lock, if it may have changed since the last time.
  ///
  /// @return null when it has not changed
  @Nullable Content readIfChanged(long now) throws IOException {
    Disk.Stamp stamp = disk.stamp(data);
    if (stamp != null && stamp.equals(lastSeen)) {
      return null;
    }
    Content content = read(stamp, now);
    lastSeen = content instanceof Good && stamp != null && stamp.settled() ? stamp : null;
    return content;
  }

  private Content read(Disk.@Nullable Stamp stamp, long now) throws IOException {
    if (stamp == null) {
      return new Good(Remembered.NOTHING, Map.of());
    }
    try {
      return StrategyText.decode(disk.read(data, StrategyText.MAX_BYTES + 1), now);
    } catch (NoSuchFileException e) {
      return new Good(Remembered.NOTHING, Map.of());
    }
  }

  /// Changes the content under the lock.
  ///
  /// @param fallback taken for the content when the file is damaged; that file is kept beside it
  /// @param wait for the lock, at most
  /// @return what stands in the file now
  /// @throws IOException when nothing was changed, or when that is not known
  Remembered update(UnaryOperator<Remembered> change, Remembered fallback, Duration wait, long now)
      throws IOException {
    // An interrupted thread cannot use a file: the channel is closed under it. The interrupt waits.
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return locked(change, fallback, wait, now);
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Remembered locked(
      UnaryOperator<Remembered> change, Remembered fallback, Duration wait, long now)
      throws IOException {
    try (Closeable _ = lock(wait)) {
      return switch (read(disk.stamp(data), now)) {
        case Good good -> {
          Remembered after = change.apply(good.remembered());
          if (!after.sameAs(good.remembered())) {
            replace(after);
          }
          yield after;
        }
        case Damaged _ -> {
          Remembered after = change.apply(fallback);
          disk.move(data, damaged);
          replace(after);
          yield after;
        }
        case Newer newer ->
            throw new IOException(
                data
                    + " has format "
                    + newer.format()
                    + " of a later version of this library, so it is left alone");
      };
    }
  }

  private void replace(Remembered content) throws IOException {
    // A process that died may have left one.
    disk.deleteIfExists(next);
    disk.write(next, StrategyText.encode(content));
    disk.force(next);
    disk.move(next, data);
  }

  private Closeable lock(Duration wait) throws IOException {
    long end = System.nanoTime() + wait.toNanos();
    while (true) {
      Closeable held = disk.tryLock(lock);
      if (held != null) {
        return held;
      }
      if (System.nanoTime() - end >= 0) {
        throw new IOException(
            "another process has held " + lock + " for " + wait.toMillis() + " ms");
      }
      if (Thread.interrupted()) {
        throw new ClosedByInterruptException();
      }
      LockSupport.parkNanos(1_000_000);
    }
  }
}
