package dev.signalbox.driver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Where the program keeps what is its user's own: `signalbox` below `XDG_STATE_HOME`, or below
/// `~/.local/state`.
public final class StateFolder {
  private StateFolder() {}

  /// The folder, whether it is there or not.
  public static Path path() {
    String state = System.getenv("XDG_STATE_HOME");
    Path base =
        state == null || state.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return base.resolve("signalbox");
  }

  /// Makes a folder, and every one above it that is missing, and lets nobody else into it.
  ///
  /// @throws IOException with a sentence, also when it belongs to somebody else
  static void makePrivate(Path folder) throws IOException {
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(owner));
      }
      Files.setPosixFilePermissions(folder, owner);
    } catch (IOException e) {
      throw new IOException(
          "The state folder "
              + folder
              + " cannot be made or is not yours ("
              + e
              + "). Set XDG_STATE_HOME to a folder that you may write to.",
          e);
    }
  }
}
