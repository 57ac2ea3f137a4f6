package dev.signalbox.cli;

import dev.signalbox.engine.Outcome;
import java.nio.file.Path;
import java.util.List;

/// Of a script that has nothing to do with secrets.
final class NoVault implements Services.Vaults {
  private static IllegalStateException none() {
    return new IllegalStateException("no vault in this script");
  }

  @Override
  public Outcome set(Path environment, String name, char[] secret) {
    throw none();
  }

  @Override
  public void open(Path environment) {
    throw none();
  }

  @Override
  public List<String> names(Path environment) {
    throw none();
  }

  @Override
  public Outcome remove(Path environment, String name) {
    throw none();
  }

  @Override
  public Outcome rekey(Path environment, char[] next) {
    throw none();
  }
}
