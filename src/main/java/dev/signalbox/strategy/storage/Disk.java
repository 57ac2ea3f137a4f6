package dev.signalbox.strategy.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/// The steps on files that [StrategyFile] is made of, each of which may be the last one of a
/// process. No step follows a symbolic link in the last part of its path.
interface Disk {
  /// What changes when a file is replaced.
  ///
  /// @param id of the file on its disk; null where there is none
  record Stamp(FileTime modified, long size, @Nullable Object id) {
    /// Whether the next replacement is sure to get another stamp: clocks of files tick in
    /// milliseconds and numbers of files are used again.
    boolean settled() {
      return System.currentTimeMillis() - modified.toMillis() > 1_000;
    }
  }

  /// @return null when another process, or another part of this one, holds it
  @Nullable Closeable tryLock(Path file) throws IOException;

  /// @return null when there is no such file
  /// @throws IOException too for what is no regular file
  @Nullable Stamp stamp(Path file) throws IOException;

  /// @param limit on the bytes that are read; a longer file is cut there
  byte[] read(Path file, int limit) throws IOException;

  void deleteIfExists(Path file) throws IOException;

  /// Creates the file, for this user alone.
  void write(Path file, byte[] bytes) throws IOException;

  /// Returns when the content is on the disk.
  void force(Path file) throws IOException;

  /// Replaces `to` at once: everybody sees the one or the other.
  void move(Path from, Path to) throws IOException;
}
