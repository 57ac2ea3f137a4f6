package dev.signalbox.cli;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.MigrationControl;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Opens engines. The composition root implements it.
public interface Engines {
  /// What the engine is opened for.
  enum Intent {
    /// Takes the lease when it is free, and renews it.
    DRIVE,
    /// Never takes the lease: somebody only looks.
    LOOK,
    /// As `DRIVE`, and lets commands on this machine hand their work to it.
    RESIDE
  }

  /// Opens the engine of an environment. Returns soon: the engine connects by itself.
  ///
  /// @param file `signalbox.yaml`
  /// @throws ConfigurationException when the file has problems
  /// @throws dev.signalbox.driver.DriverException when there is a resident driver already
  Engine open(Path file, Intent intent) throws ConfigurationException;

  /// Reaches the resident driver of an environment on this machine, `signalbox drive`. Closing what
  /// is returned ends the connection, not the driver.
  ///
  /// @param file `signalbox.yaml`
  /// @return empty when none runs
  /// @throws ConfigurationException when the file has problems
  /// @throws dev.signalbox.driver.DriverException when one runs that cannot be used
  Optional<Engine> resident(Path file) throws ConfigurationException;

  /// Opens what handles migrations outside a release.
  ///
  /// @param database its name; empty when the environment has only one
  /// @throws ConfigurationException when the file has problems, or has no such database
  MigrationControl migrations(Path file, String database) throws ConfigurationException;

  /// Looks at the databases as a release would before it begins; changes nothing. Blocks until that
  /// is done.
  ///
  /// @param from the side that the release would begin on
  /// @return one for each database
  /// @throws ConfigurationException when the file has problems
  List<Diagnosis> diagnose(Path file, Colour from) throws ConfigurationException;

  /// Checks the hash chain of the journal. Blocks until it is read.
  ///
  /// @throws ConfigurationException when the file has problems
  /// @throws IllegalStateException with a sentence, when no database can be read
  AuditReport audit(Path file) throws ConfigurationException;
}
