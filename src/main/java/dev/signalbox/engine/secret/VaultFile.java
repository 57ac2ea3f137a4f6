package dev.signalbox.engine.secret;

import dev.signalbox.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Named secrets in a file that a passphrase opens ([VaultText] is its form). A reader sees the old
/// content or the new one; writers wait for each other, also those of other processes, so none
/// loses what another one wrote. Only the owner may read the file. Thread-safe.
///
/// What goes wrong is an [IllegalStateException] with a sentence that names the file and shows no
/// secret.
public final class VaultFile {
  /// Beside `signalbox.yaml`.
  public static final String NAME = "signalbox.vault";

  private static final Duration WAIT = Duration.ofSeconds(10);

  /// Locks of files do not tell threads of one process apart.
  private static final ReentrantLock WRITING = new ReentrantLock();

  private final Path file;
  private final Path folder;
  private final Passphrase passphrase;

  public VaultFile(Path file, Passphrase passphrase) {
    this.file = file.toAbsolutePath().normalize();
    this.folder = Objects.requireNonNull(this.file.getParent());
    this.passphrase = passphrase;
  }

  public Path path() {
    return file;
  }

  public boolean exists() {
    return Files.exists(file);
  }

  /// The secret of an entry.
  public String read(String name) {
    String secret = entries().get(name);
    if (secret == null) {
      throw new IllegalStateException(
          "The vault "
              + file
              + " has no entry '"
              + name
              + "'. Add it with: signalbox vault set "
              + name);
    }
    return secret;
  }

  /// All of it, sorted by name.
  public Map<String, String> entries() {
    VaultText text = load();
    return open(text, passphrase.key(text));
  }

  /// Changes what is in it, or makes a new one.
  ///
  /// @param change of the entries, which are sorted by name
  public void change(Consumer<Map<String, String>> change) {
    alone(() -> {
      if (!exists()) {
        Map<String, String> first = new TreeMap<>();
        change.accept(first);
        store(VaultText.seal(passphrase.newKey(), first));
        return;
      }
      VaultText text = load();
      VaultKey key = passphrase.key(text);
      Map<String, String> entries = new TreeMap<>(open(text, key));
      Map<String, String> before = Map.copyOf(entries);
      change.accept(entries);
      if (!entries.equals(before)) {
        store(VaultText.seal(key, entries));
      }
    });
  }

  /// Gives it another passphrase and a new salt.
  public void rekey(Passphrase next) {
    next.ready();
    alone(() -> {
      VaultText text = load();
      Map<String, String> entries = open(text, passphrase.key(text));
      store(VaultText.seal(next.newKey(), entries));
    });
  }

  private VaultText load() {
    try {
      OwnerOnly.check(file);
      return VaultText.parse(AtomicFile.read(file))
          .orElseThrow(() ->
              new IllegalStateException(
                  "The vault "
                      + file
                      + " was damaged or changed by hand. Restore it from a copy."));
    } catch (NoSuchFileException e) {
      throw new IllegalStateException(
          "There is no vault " + file + ". Make it with: signalbox vault set NAME", e);
    } catch (CharacterCodingException e) {
      throw new IllegalStateException(
          "The vault " + file + " was damaged or changed by hand. Restore it from a copy.", e);
    } catch (IOException e) {
      throw new IllegalStateException(
          "The vault " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private Map<String, String> open(VaultText text, VaultKey key) {
    return text.open(key)
        .orElseThrow(() ->
            new IllegalStateException(
                "The passphrase does not open the vault "
                    + file
                    + ". If it is the right one, somebody changed the file: restore it from a"
                    + " copy."));
  }

  private void store(VaultText text) throws IOException {
    AtomicFile.ofOwner(file).write(text.text());
  }

  private interface Work {
    void run() throws IOException;
  }

  private void alone(Work work) {
    // Nobody waits for what is typed.
    passphrase.ready();
    WRITING.lock();
    try (FileChannel channel =
            FileChannel.open(
                folder.resolve(file.getFileName() + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = lock(channel)) {
      work.run();
    } catch (IOException e) {
      throw new IllegalStateException(
          "The vault " + file + " cannot be written: " + e.getMessage(), e);
    } finally {
      WRITING.unlock();
    }
  }

  private FileLock lock(FileChannel channel) throws IOException {
    long end = System.nanoTime() + WAIT.toNanos();
    while (true) {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() > end) {
        throw new IOException("another process has been writing it for " + WAIT.toSeconds() + " s");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }
}
