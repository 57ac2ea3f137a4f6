package dev.signalbox.engine.environment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Reads `signalbox.yaml`. All problems come at once, each with line and column; nothing is thrown
/// for what a file may contain.
public final class EnvironmentFile {
  /// Larger files are refused, in bytes.
  public static final int LIMIT = 256 * 1024;

  private EnvironmentFile() {}

  /// What reading a file gave.
  public sealed interface Result {
    /// @param warnings worth a look, sorted by place
    record Loaded(Environment environment, List<Problem> warnings) implements Result {}

    /// @param problems at least one, sorted by place
    record Invalid(List<Problem> problems) implements Result {}
  }

  /// Reads and checks a file, and the files of secrets that it names (not their contents).
  public static Result read(Path file) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (IOException e) {
      String why =
          Files.isDirectory(file)
              ? "It is a folder."
              : Files.exists(file) ? "Its owner must let you read it." : "There is no such file.";
      return invalid(new Problem(file, 1, 1, "The file cannot be read. " + why));
    }
    if (bytes.length > LIMIT) {
      return invalid(
          new Problem(
              file,
              1,
              1,
              "The file is larger than " + LIMIT / 1024 + " KiB. Is it the right one?"));
    }
    return parse(file, bytes);
  }

  static Result parse(Path file, byte[] bytes) {
    YamlText.Parsed parsed = YamlText.parse(file, bytes);
    List<Problem> problems = new ArrayList<>(parsed.problems());
    if (parsed.root() == null) {
      return new Result.Invalid(sorted(problems));
    }
    problems.addAll(SchemaCheck.check(parsed.root(), parsed.places()));
    if (!problems.isEmpty()) {
      return new Result.Invalid(sorted(problems));
    }
    EnvironmentReader reader = new EnvironmentReader(file, parsed.root(), parsed.places());
    Environment environment = reader.read();
    return reader.problems().isEmpty()
        ? new Result.Loaded(environment, sorted(reader.warnings()))
        : new Result.Invalid(sorted(reader.problems()));
  }

  private static Result invalid(Problem problem) {
    return new Result.Invalid(List.of(problem));
  }

  private static List<Problem> sorted(List<Problem> problems) {
    return problems.stream().sorted(Problem.BY_PLACE).distinct().toList();
  }
}
