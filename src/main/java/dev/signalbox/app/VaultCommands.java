package dev.signalbox.app;

import dev.signalbox.cli.Services;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.secret.Passphrase;
import dev.signalbox.engine.secret.VaultFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/// `signalbox vault`: the vault beside an environment's file.
final class VaultCommands implements Services.Vaults {
  /// As the schema has it.
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /// A shorter one can be guessed by whoever has the file.
  private static final int SHORTEST = 12;

  private final Passphrase passphrase;

  VaultCommands(Passphrase passphrase) {
    this.passphrase = passphrase;
  }

  private VaultFile vault(Path environment) {
    Path folder = Objects.requireNonNull(environment.toAbsolutePath().getParent());
    return new VaultFile(folder.resolve(VaultFile.NAME), passphrase);
  }

  @Override
  public Outcome set(Path environment, String name, char[] secret) {
    if (!NAME.matcher(name).matches()) {
      return new Outcome.Refused(
          "A name has 1 to 63 letters, digits, '-', '_' or '.', and begins with a letter or digit."
              + " Nothing was changed.");
    }
    VaultFile vault = vault(environment);
    if (!vault.exists() && passphrase.length() < SHORTEST) {
      return tooShort();
    }
    AtomicBoolean known = new AtomicBoolean();
    vault.change(entries -> known.set(entries.put(name, String.valueOf(secret)) != null));
    return new Outcome.Done(
        (known.get() ? "Replaced '" : "Added '") + name + "' in " + vault.path() + ".");
  }

  private static Outcome tooShort() {
    return new Outcome.Refused(
        "The passphrase of a vault must have "
            + SHORTEST
            + " characters at least. Nothing was changed.");
  }

  @Override
  public void open(Path environment) {
    var _ = vault(environment).entries();
  }

  @Override
  public List<String> names(Path environment) {
    return List.copyOf(vault(environment).entries().keySet());
  }

  @Override
  public Outcome remove(Path environment, String name) {
    VaultFile vault = vault(environment);
    // A new one would be made for nothing.
    open(environment);
    AtomicBoolean known = new AtomicBoolean();
    vault.change(entries -> known.set(entries.remove(name) != null));
    return known.get()
        ? new Outcome.Done("Removed '" + name + "' from " + vault.path() + ".")
        : new Outcome.Refused("The vault " + vault.path() + " has no entry '" + name + "'.");
  }

  @Override
  public Outcome rekey(Path environment, char[] next) {
    if (next.length < SHORTEST) {
      return tooShort();
    }
    VaultFile vault = vault(environment);
    vault.rekey(new Passphrase(next::clone));
    return new Outcome.Done(
        vault.path()
            + " has another passphrase. Give it to whatever uses the vault, and start that again.");
  }
}
