package dev.signalbox.demo.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.jspecify.annotations.Nullable;

/// The PostgreSQL executables from the jar on the class path, unpacked once per content into a
/// cache folder. Safe with several processes at once: each unpacks beside, and the first rename
/// wins.
public final class PostgresBinaries {
  /// Names the cache folder, when neither the home folder nor `/var/cache` suits.
  public static final String CACHE_PROPERTY = "signalbox.cache";

  private static final Set<PosixFilePermission> EVERYBODY =
      PosixFilePermissions.fromString("rwxr-xr-x");

  private PostgresBinaries() {}

  /// The folder with `bin`, `lib` and `share`; unpacks when it is not there yet (seconds).
  ///
  /// @throws IOException with a sentence, when this platform has no binaries or they cannot be
  ///   written
  public static Path folder() throws IOException {
    return folder(cache());
  }

  /// As [#folder()], below a cache folder of the caller's choice.
  public static Path folder(Path cache) throws IOException {
    String resource = resource();
    Path target = cache.resolve("postgres-" + fingerprint(resource));
    if (Files.isExecutable(target.resolve("bin/postgres"))) {
      return target;
    }
    Files.createDirectories(cache);
    Path part = Files.createTempDirectory(cache, "unpack-");
    try {
      // Below root's fallback the server runs as another user, which has to read this.
      Files.setPosixFilePermissions(part, EVERYBODY);
      unpack(resource, part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isExecutable(target.resolve("bin/postgres"))) {
        throw new IOException(
            "PostgreSQL could not be unpacked to "
                + target
                + " ("
                + e.getMessage()
                + "). Give another folder with -D"
                + CACHE_PROPERTY
                + "=….",
            e);
      }
    } finally {
      Folders.delete(part);
    }
    return target;
  }

  /// Where what is unpacked and made once is kept.
  static Path cache() {
    String chosen = System.getProperty(CACHE_PROPERTY);
    if (chosen != null) {
      return Path.of(chosen).toAbsolutePath();
    }
    Path shared = Path.of("/var/cache");
    if (Files.isWritable(shared)) {
      return shared.resolve("signalbox");
    }
    String xdg = System.getenv("XDG_CACHE_HOME");
    Path home = Path.of(System.getProperty("user.home"));
    Path caches = xdg == null || xdg.isBlank() ? home.resolve(".cache") : Path.of(xdg);
    return caches.resolve("signalbox").toAbsolutePath();
  }

  private static String resource() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String system = os.contains("mac") ? "darwin" : os.contains("windows") ? "windows" : "linux";
    return "/postgres-" + system + "-" + (arch.equals("aarch64") ? "arm_64" : "x86_64") + ".txz";
  }

  private static InputStream open(String resource) throws IOException {
    @Nullable InputStream in = PostgresBinaries.class.getResourceAsStream(resource);
    if (in == null) {
      throw new IOException(
          "The class path holds no PostgreSQL for this platform ("
              + resource
              + "). Build with -Dpostgres.binaries.platform=<system>-<architecture>.");
    }
    return in;
  }

  private static String fingerprint(String resource) throws IOException {
    try (InputStream in = open(resource);
        DigestInputStream digest =
            new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
      digest.transferTo(java.io.OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(digest.getMessageDigest().digest(), 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  private static void unpack(String resource, Path folder) throws IOException {
    try (InputStream in = open(resource);
        TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path path = inside(folder, folder.resolve(entry.getName()));
        if (entry.isDirectory()) {
          Files.createDirectories(path);
          continue;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
          inside(folder, path.resolveSibling(entry.getLinkName()));
          link(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(path, inside(folder, folder.resolve(entry.getLinkName())));
        } else {
          Files.copy(tar, path);
          boolean executable = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              path, executable ? EVERYBODY : PosixFilePermissions.fromString("rw-r--r--"));
        }
      }
    }
  }

  private static void link(Path path, Path destination) throws IOException {
    try {
      Files.createSymbolicLink(path, destination);
    } catch (FileAlreadyExistsException e) {
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        throw e;
      }
    }
  }

  private static Path inside(Path folder, Path path) throws IOException {
    Path normal = path.normalize();
    if (!normal.startsWith(folder)) {
      throw new IOException("The PostgreSQL archive names a file outside its folder: " + path);
    }
    return normal;
  }
}
