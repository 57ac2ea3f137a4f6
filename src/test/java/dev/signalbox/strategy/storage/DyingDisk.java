package dev.signalbox.strategy.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A real disk under a process that dies at one step: before it, after it, or in the middle of a
/// write. Also a disk that is full.
final class DyingDisk implements Disk {
  /// As after SIGKILL nothing of this process runs any more, except that its lock is released.
  static final class Death extends Error {
    private static final long serialVersionUID = 1;
  }

  private final Disk real = new RealDisk();
  private int dieAt = Integer.MAX_VALUE;
  private int steps;
  private int bytesLeft = Integer.MAX_VALUE;
  private boolean readOnly;

  /// The next process dies at this point; points count from 0.
  DyingDisk dieAt(int point) {
    dieAt = point;
    steps = 0;
    return this;
  }

  /// Points passed so far.
  int steps() {
    return steps;
  }

  void bytesLeft(int bytes) {
    bytesLeft = bytes;
  }

  void readOnly(boolean value) {
    readOnly = value;
  }

  private void point() {
    if (steps++ == dieAt) {
      throw new Death();
    }
  }

  private void change(Path file) throws IOException {
    if (readOnly) {
      throw new IOException(file + ": Read-only file system");
    }
  }

  @Override
  public @Nullable Closeable tryLock(Path file) throws IOException {
    point();
    change(file);
    Closeable held = real.tryLock(file);
    try {
      point();
    } catch (Death e) {
      if (held != null) {
        held.close();
      }
      throw e;
    }
    return held;
  }

  @Override
  public @Nullable Stamp stamp(Path file) throws IOException {
    point();
    return real.stamp(file);
  }

  @Override
  public byte[] read(Path file, int limit) throws IOException {
    point();
    return real.read(file, limit);
  }

  @Override
  public void deleteIfExists(Path file) throws IOException {
    point();
    change(file);
    real.deleteIfExists(file);
    point();
  }

  @Override
  public void write(Path file, byte[] bytes) throws IOException {
    point();
    change(file);
    if (bytes.length > bytesLeft) {
      real.write(file, Arrays.copyOf(bytes, bytesLeft));
      throw new IOException(file + ": No space left on device");
    }
    for (int part : new int[] {0, 1, bytes.length / 2, bytes.length - 1}) {
      if (steps == dieAt) {
        real.write(file, Arrays.copyOf(bytes, part));
      }
      point();
    }
    real.write(file, bytes);
    point();
  }

  @Override
  public void force(Path file) throws IOException {
    point();
    real.force(file);
    point();
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    point();
    change(to);
    real.move(from, to);
    point();
  }
}
