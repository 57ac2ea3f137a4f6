package dev.signalbox.cli;

import dev.signalbox.driver.StateFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import picocli.CommandLine.Option;

/// Options that every command has.
final class CommonOptions {
  private static final String CONSOLE = "signalbox.log.console";

  @Option(names = "--json", description = "Write one JSON object a line instead of text.")
  boolean json;

  @Option(
      names = "--debug",
      description = "Log in detail, stack traces too, to the file that is named on standard error.")
  boolean debug;

  /// Keeps warnings of the log off the terminal, unless somebody wants them there. Must run before
  /// anything logs, as what follows.
  static void logNothingToTerminal() {
    if (System.getProperty(CONSOLE) == null) {
      System.setProperty(CONSOLE, "OFF");
    }
  }

  /// Must run before anything logs: the logging reads these properties once.
  ///
  /// @throws ConfigurationException when the file cannot be written
  Path startLog() throws ConfigurationException {
    String chosen = System.getProperty("signalbox.log");
    Path file = chosen == null ? StateFolder.path().resolve("signalbox.log") : Path.of(chosen);
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      if (!Files.exists(file)) {
        Files.createFile(file);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
      }
      // The logging itself would say nothing.
      Files.newOutputStream(file, StandardOpenOption.APPEND).close();
    } catch (IOException e) {
      throw new ConfigurationException(
          List.of(
              "The log "
                  + file
                  + " cannot be written ("
                  + e
                  + "). Name another with SIGNALBOX_JAVA_OPTS=-Dsignalbox.log=FILE, or set"
                  + " XDG_STATE_HOME to a folder that you may write to."));
    }
    System.setProperty("signalbox.log", file.toString());
    System.setProperty("signalbox.log.level", "DEBUG");
    return file;
  }
}
