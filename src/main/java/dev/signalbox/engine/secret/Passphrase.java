package dev.signalbox.engine.secret;

import dev.signalbox.engine.file.AtomicFile;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What opens the vaults of this process: `SIGNALBOX_PASSPHRASE`, the first line of the file that
/// `SIGNALBOX_PASSPHRASE_FILE` names, or what is typed on the terminal, asked for once. Keys are
/// kept, because making one takes time. [#toString] shows nothing of it. Thread-safe.
public final class Passphrase {
  /// Holds it.
  public static final String VARIABLE = "SIGNALBOX_PASSPHRASE";

  /// Names a file whose first line it is.
  public static final String FILE_VARIABLE = "SIGNALBOX_PASSPHRASE_FILE";

  private static final Passphrase OF_PROCESS = new Passphrase(new OfProcess());

  /// Where it comes from.
  public interface Source {
    /// @throws IllegalStateException with a sentence, when there is none
    char[] read();

    /// Whether it is meant: a slip of who types it would lock a new vault for ever.
    default boolean meant(char[] passphrase) {
      return true;
    }
  }

  private final Source source;

  /// Guarded by this, as the key.
  private char[] known = {};

  private @Nullable VaultKey last;

  /// Asks for it when it is needed first.
  public Passphrase(Source source) {
    this.source = source;
  }

  /// The one of this process.
  public static Passphrase ofProcess() {
    return OF_PROCESS;
  }

  /// @throws IllegalStateException with a sentence, when there is none
  synchronized VaultKey key(VaultText text) {
    VaultKey kept = last;
    if (kept == null || !text.isFor(kept)) {
      kept = VaultKey.derive(read(), text.iterations(), Base64.getDecoder().decode(text.salt()));
      last = kept;
    }
    return kept;
  }

  /// For a new vault.
  ///
  /// @throws IllegalStateException with a sentence, when there is none, or it was typed in two ways
  synchronized VaultKey newKey() {
    if (!source.meant(read())) {
      throw new IllegalStateException(
          "The two passphrases that were typed differ. Nothing was changed.");
    }
    VaultKey made = VaultKey.create(read());
    last = made;
    return made;
  }

  /// Asks for it, if nobody did.
  ///
  /// @throws IllegalStateException with a sentence, when there is none
  public synchronized int length() {
    return read().length;
  }

  /// Asks for it now, if nobody did.
  ///
  /// @throws IllegalStateException with a sentence, when there is none
  synchronized void ready() {
    read();
  }

  private char[] read() {
    if (known.length == 0) {
      known = source.read();
    }
    if (known.length == 0) {
      throw new IllegalStateException("The passphrase of the vault is empty.");
    }
    return known;
  }

  /// The first line of a file.
  ///
  /// @throws IllegalStateException with a sentence, when it cannot be read
  static char[] firstLine(Path file) {
    try {
      OwnerOnly.check(file);
      return AtomicFile.read(file).lines().findFirst().orElse("").toCharArray();
    } catch (IOException e) {
      throw new IllegalStateException(
          "The passphrase file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /// What a person types, unseen; empty when nobody is there.
  @SuppressWarnings("SystemConsoleNull")
  static Optional<char[]> ask(String prompt) {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      return Optional.empty();
    }
    return Optional.ofNullable(console.readPassword("%s", prompt));
  }

  /// What a process is given by whoever starts it.
  private static final class OfProcess implements Source {
    private volatile boolean typed;

    @Override
    public char[] read() {
      String value = System.getenv(VARIABLE);
      if (value != null && !value.isEmpty()) {
        return value.toCharArray();
      }
      String file = System.getenv(FILE_VARIABLE);
      if (file != null && !file.isEmpty()) {
        return firstLine(Path.of(file));
      }
      typed = true;
      return ask("Passphrase of the vault: ")
          .orElseThrow(() ->
              new IllegalStateException(
                  "The vault needs its passphrase, and there is no terminal to ask for it. Set "
                      + VARIABLE
                      + ", or "
                      + FILE_VARIABLE
                      + " to a file that holds it."));
    }

    @Override
    public boolean meant(char[] passphrase) {
      return !typed
          || ask("The same passphrase again: ")
              .filter(again -> Arrays.equals(again, passphrase))
              .isPresent();
    }
  }

  @Override
  public String toString() {
    return "the passphrase";
  }
}
