package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.file.AtomicFile;
import dev.signalbox.engine.release.DeposedException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Properties;

/// The file from which one stack learns its database. Readers see the old or the new content, never
/// a torn one; only the owner may read it. Writers of several consoles exclude each other.
public final class DatabaseFile {
  private final Path file;
  private final Path folder;

  public DatabaseFile(Path file) {
    this.file = file.toAbsolutePath();
    this.folder = java.util.Objects.requireNonNull(this.file.getParent());
  }

  /// What stands in it.
  public record Content(long generation, long epoch, DatabaseTarget target) {}

  /// Empty when there is no file.
  ///
  /// @throws IOException when it cannot be read or understood
  public Optional<Content> read() throws IOException {
    Properties p = new Properties();
    try {
      p.load(new StringReader(AtomicFile.read(file)));
      return Optional.of(
          new Content(
              Long.parseLong(p.getProperty("generation", "")),
              Long.parseLong(p.getProperty("epoch", "")),
              new DatabaseTarget(
                  Colour.parse(p.getProperty("colour", "")),
                  p.getProperty("url", ""),
                  p.getProperty("user", ""),
                  Path.of(p.getProperty("passwordFile", "")))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The database file "
              + file
              + " cannot be understood ("
              + e.getMessage()
              + "). Remove it; the console writes it anew.",
          e);
    }
  }

  /// Writes `target` with the next generation, unless the file says so already.
  ///
  /// @return the generation that stands in the file now
  /// @throws DeposedException when a console with a higher epoch wrote it
  public long write(DatabaseTarget target, long epoch) throws IOException {
    Files.createDirectories(folder);
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(file.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = lock(channel)) {
      Optional<Content> before = lock.isValid() ? read() : Optional.empty();
      if (before.isPresent() && before.get().epoch() > epoch) {
        throw new DeposedException(
            "The database file "
                + file
                + " was written by a console with epoch "
                + before.get().epoch()
                + ", this one has "
                + epoch
                + ". Nothing was changed.");
      }
      if (before.isPresent() && before.get().target().equals(target)) {
        return before.get().generation();
      }
      Content next = new Content(before.map(Content::generation).orElse(0L) + 1, epoch, target);
      AtomicFile.ofOwner(file).write(text(next));
      return next.generation();
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException("Another step of this console is writing " + file + ". Try again.", e);
    }
    throw new IOException("Another console is writing " + file + ". Try again.");
  }

  /// Where the application reads its password: the secret's own file, or one beside the database
  /// file when the secret is in a variable or in the vault, which the application cannot read.
  public Path passwordFile(SecretSource password) throws IOException {
    return switch (password) {
      case SecretSource.InFile(Path path) -> path.toAbsolutePath();
      case SecretSource.InVariable _, SecretSource.InVault _ -> {
        Path path = folder.resolve(file.getFileName() + ".password");
        Files.createDirectories(folder);
        AtomicFile.ofOwner(path).write(password.read() + "\n");
        yield path;
      }
    };
  }

  private static String text(Content content) {
    DatabaseTarget target = content.target();
    return "generation="
        + content.generation()
        + "\nepoch="
        + content.epoch()
        + "\ncolour="
        + target.colour().id()
        + "\nurl="
        + escape(target.url())
        + "\nuser="
        + escape(target.user())
        + "\npasswordFile="
        + escape(target.passwordFile().toString())
        + "\n";
  }

  /// As `java.util.Properties` reads values; a line break cannot smuggle in another key.
  private static String escape(String value) {
    String text = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    return text.startsWith(" ") ? "\\" + text : text;
  }
}
