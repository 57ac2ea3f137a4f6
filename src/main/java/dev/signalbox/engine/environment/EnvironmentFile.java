package dev.signalbox.engine.environment;

import dev.signalbox.engine.secret.LibpqFiles;
import java.nio.file.Path;
import java.util.List;

/// Reads `signalbox.yaml`. All problems come at once, each with line and column; nothing is thrown
/// for what a file may contain.
public final class EnvironmentFile {
  static final SettingsSchema SETTINGS =
      new SettingsSchema(EnvironmentFile.class, "signalbox.schema.json");

  private static final SchemaCheck SCHEMA = new SchemaCheck(SETTINGS);

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
    return result(YamlFile.read(file, SCHEMA), LibpqFiles.ofProcess());
  }

  static Result parse(Path file, byte[] bytes) {
    return parse(file, bytes, LibpqFiles.ofProcess());
  }

  static Result parse(Path file, byte[] bytes, LibpqFiles files) {
    return result(YamlFile.parse(file, bytes, SCHEMA), files);
  }

  private static Result result(YamlFile.Result result, LibpqFiles files) {
    return switch (result) {
      case YamlFile.Result.Invalid invalid -> new Result.Invalid(invalid.problems());
      case YamlFile.Result.Read read -> {
        EnvironmentReader reader = new EnvironmentReader(read, SETTINGS, files);
        Environment environment = reader.read();
        yield reader.problems().isEmpty()
            ? new Result.Loaded(environment, reader.warnings())
            : new Result.Invalid(reader.problems());
      }
    };
  }
}
