package dev.signalbox.engine.database.pgbouncer;

import dev.signalbox.engine.database.route.SideAddress;
import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The ini file with the entry of one database: where that leads, and a change of that alone. The
/// file is read anew each time; it is replaced as a whole, with the owner, group and mode it has.
/// All instances of a JVM change files one after the other.
final class IniFile {
  private static final Object WRITING = new Object();

  private final Path file;
  private final String database;

  IniFile(Path file, String database) {
    this.file = file;
    this.database = database;
  }

  /// One character for each byte, so that every byte survives.
  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Where the entry leads.
  ///
  /// @throws IOException with a sentence that says what to do, when it cannot be read or changed
  SideAddress leads() throws IOException {
    IniEntry entry = entry();
    try {
      return entry.leads();
    } catch (IOException e) {
      throw unclear(e);
    }
  }

  /// Whether the file could be replaced by what this process may do; creates nothing.
  ///
  /// @throws IOException with a sentence that says what to do, when it could not
  void writable() throws IOException {
    Path real = real();
    if (!Files.isWritable(folder(real))) {
      throw new IOException(
          "The folder of "
              + real
              + " cannot be written by the user of this console, so the file cannot be replaced."
              + " Run the console as the owner of the file, and let it write into the folder.");
    }
    AtomicFile.keeping(real).mayKeep();
  }

  /// The same by trying: writes the present content beside it and removes that.
  void tryOut() throws IOException {
    synchronized (WRITING) {
      Path real = real();
      try {
        AtomicFile.keeping(real).tryOut(Files.readAllBytes(real));
      } catch (IOException e) {
        throw refused(real, e);
      }
    }
  }

  /// Leads the entry there; writes nothing when it does already.
  void lead(SideAddress to) throws IOException {
    synchronized (WRITING) {
      if (leads().equals(to)) {
        return;
      }
      String next = entry().leadingTo(to);
      Path real = real();
      try {
        AtomicFile.keeping(real).write(bytes(next));
      } catch (IOException e) {
        throw refused(real, e);
      }
    }
  }

  private static IOException refused(Path file, IOException e) {
    return new IOException(
        file
            + " cannot be replaced with the same owner, group and mode: "
            + e.getMessage()
            + ". Run the console as the owner of the file, and let it write into the folder.",
        e);
  }

  private IniEntry entry() throws IOException {
    Path real = real();
    IniEntry.Found found = found(real);
    if (found.entries().size() > 1) {
      throw new IOException(
          file + " has database '" + database + "' more than once. Keep one of the entries.");
    }
    elsewhere(real, found.includes(), found.entries().isEmpty(), new HashSet<>(Set.of(real)));
    if (found.entries().isEmpty()) {
      throw new IOException(
          file
              + " has no entry '"
              + database
              + "' in [databases] (an entry '*' is not enough). Write one, with host, port and"
              + " dbname of the live side.");
    }
    return found.entries().getFirst();
  }

  /// An included file must not have the entry: it would count, and is not the one that is changed.
  private void elsewhere(Path from, List<String> includes, boolean missing, Set<Path> seen)
      throws IOException {
    for (String include : includes) {
      Path other = folder(from).resolve(include);
      IniEntry.Found found;
      try {
        Path real = other.toRealPath();
        if (!seen.add(real)) {
          continue;
        }
        found = found(real);
        elsewhere(real, found.includes(), missing, seen);
      } catch (NoSuchFileException e) {
        throw new IOException(
            file
                + " includes "
                + include
                + ", which is not found beside it, so whether that has database '"
                + database
                + "' is not known. Name it with its whole path.",
            e);
      }
      if (!found.entries().isEmpty()) {
        throw new IOException(
            "Database '"
                + database
                + "' stands in "
                + other
                + ", which "
                + from
                + " includes. Name that file as 'ini'"
                + (missing ? "." : ", and remove the entry here."));
      }
    }
  }

  private IniEntry.Found found(Path real) throws IOException {
    try {
      return IniEntry.find(text(Files.readAllBytes(real)), database);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (java.nio.file.FileSystemException e) {
      throw new IOException(
          "The file " + real + " cannot be read: " + e.getMessage() + ". Let the console read it.",
          e);
    } catch (IOException e) {
      throw unclear(e);
    }
  }

  private IOException unclear(IOException e) {
    return new IOException(file + " cannot be understood: " + e.getMessage() + ". Correct it.", e);
  }

  /// Behind links: the file itself is replaced, not the link.
  private Path real() throws IOException {
    try {
      return file.toRealPath();
    } catch (NoSuchFileException e) {
      throw new IOException("There is no file " + file + ". Correct 'ini' in signalbox.yaml.", e);
    }
  }

  private static Path folder(Path file) {
    return Objects.requireNonNull(file.toAbsolutePath().getParent());
  }
}
