package dev.signalbox.engine.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/// Files that hold secrets are for their owner alone, as libpq demands it.
final class OwnerOnly {
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private OwnerOnly() {}

  /// Where permissions mean nothing, nothing is checked.
  ///
  /// @throws IllegalStateException with a sentence, when group or others may do anything with it
  /// @throws IOException when that cannot be found out
  static void check(Path file) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
      throw new IllegalStateException(
          "Others than its owner may use the file " + file + ". Run: chmod 600 " + file);
    }
  }
}
