package dev.signalbox.driver;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where the resident driver of an environment listens, and who may speak there: processes of the
/// same user.
///
/// @param path of the socket; the file is there while a driver runs, and after one that was killed
public record DriverSocket(Path path) {
  private static final Logger LOG = LoggerFactory.getLogger(DriverSocket.class);

  /// What the system allows for the name of such a socket is 107 bytes.
  private static final int LONGEST = 107;

  /// One for each `signalbox.yaml`, by where it really is.
  ///
  /// @throws IOException when the file cannot be found
  public static DriverSocket of(Path environmentFile) throws IOException {
    String real = environmentFile.toRealPath().toString();
    byte[] hash = sha256().digest(real.getBytes(StandardCharsets.UTF_8));
    String key = HexFormat.of().formatHex(hash, 0, 8);
    Path path = StateFolder.path().resolve("drivers").resolve(key + ".sock");
    if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw new IOException(
          "The name of the driver's socket is too long for this system: "
              + path
              + ". Set XDG_STATE_HOME to a shorter folder.");
    }
    return new DriverSocket(path);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  Path folder() {
    return Objects.requireNonNull(path.getParent(), "a socket lies in a folder");
  }

  /// A driver holds the lock on it as long as it lives, however it ends.
  Path lock() {
    return path.resolveSibling(path.getFileName() + ".lock");
  }

  /// The process of the driver that lives, or of the last one that did.
  ///
  /// @return empty when it is not known
  Optional<String> pid() {
    try {
      String text = Files.readString(lock()).strip();
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IOException e) {
      LOG.debug("the driver's process is not known", e);
      return Optional.empty();
    }
  }

  /// Whether the other end belongs to the user to whom the socket belongs, as the system tells.
  boolean sameUser(SocketChannel channel) throws IOException {
    return channel
        .getOption(ExtendedSocketOptions.SO_PEERCRED)
        .user()
        .getName()
        .equals(Files.getOwner(folder()).getName());
  }
}
