package dev.signalbox.cli;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.MigrationControl;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The command line on scripted engines, and what it wrote.
final class ScriptedRun {
  final List<String> opened = new ArrayList<>();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final ScriptedEngine own;
  private final @Nullable Engine resident;
  private @Nullable RuntimeException residentFailure;

  /// @param own what a command opens
  /// @param resident what it reaches first; null when no driver runs
  ScriptedRun(ScriptedEngine own, @Nullable Engine resident) {
    this.own = own;
    this.resident = resident;
  }

  /// From now on whoever reaches for the driver meets this.
  void residentFails(RuntimeException failure) {
    residentFailure = failure;
  }

  int run(String line) {
    Engines engines =
        new Engines() {
          @Override
          public Engine open(Path file, Intent intent) {
            opened.add(file + " " + intent);
            return own;
          }

          @Override
          public Optional<Engine> resident(Path file) {
            if (residentFailure != null) {
              throw residentFailure;
            }
            return Optional.ofNullable(resident);
          }

          @Override
          public List<Diagnosis> diagnose(Path file, Colour from) {
            throw new IllegalStateException("no diagnosis in this script");
          }

          @Override
          public AuditReport audit(Path file) {
            throw new IllegalStateException("no audit in this script");
          }

          @Override
          public MigrationControl migrations(Path file, String database) {
            throw new IllegalStateException("no migrations in this script");
          }
        };
    Services services =
        new Services(
            engines,
            options -> 1,
            file -> 1,
            new Services.Cluster() {
              @Override
              public int run(Path file, Consumer<String> listening) {
                return 1;
              }

              @Override
              public String hash(char[] password) {
                return "";
              }
            },
            new NoVault());
    return Cli.run(
        services,
        new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false),
        line.split(" ", -1));
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }
}
