package dev.signalbox.support;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// A program that a test needs and that is not part of the build, for example nginx. Where it is
/// missing the test is skipped, except with `SIGNALBOX_REQUIRE_REAL=true` (as in `.ci/run`): then
/// it fails.
public final class RealComponent {
  private RealComponent() {}

  /// The path of an installed program.
  public static Path program(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path program = Path.of(folder, name);
      if (Files.isExecutable(program)) {
        return program;
      }
    }
    missing("the program '" + name + "' is not installed");
    throw new AssertionError("not reached");
  }

  /// Skips the test, or fails it where real components are required.
  public static void missing(String sentence) {
    if (required()) {
      Assertions.fail(sentence + ", and SIGNALBOX_REQUIRE_REAL=true forbids to skip this test");
    }
    Assumptions.abort(sentence);
  }

  /// Whether a missing component is a failure.
  public static boolean required() {
    return Boolean.parseBoolean(System.getenv("SIGNALBOX_REQUIRE_REAL"));
  }
}
