package dev.signalbox.cluster.settings;

import dev.signalbox.engine.environment.Problem;
import dev.signalbox.engine.environment.SchemaCheck;
import dev.signalbox.engine.environment.SettingsSchema;
import dev.signalbox.engine.environment.YamlFile;
import java.nio.file.Path;
import java.util.List;

/// Reads `cluster.yaml`. All problems come at once, each with line and column; nothing is thrown
/// for what a file may contain.
public final class ClusterFile {
  static final SettingsSchema SETTINGS =
      new SettingsSchema(ClusterFile.class, "cluster.schema.json");

  private static final SchemaCheck SCHEMA = new SchemaCheck(SETTINGS);

  private ClusterFile() {}

  /// What reading a file gave.
  public sealed interface Result {
    /// @param warnings worth a look, sorted by place
    record Loaded(ClusterSettings settings, List<Problem> warnings) implements Result {}

    /// @param problems at least one, sorted by place
    record Invalid(List<Problem> problems) implements Result {}
  }

  /// Reads and checks a file, and that the files of secrets that it names are there.
  public static Result read(Path file) {
    return switch (YamlFile.read(file, SCHEMA)) {
      case YamlFile.Result.Invalid invalid -> new Result.Invalid(invalid.problems());
      case YamlFile.Result.Read read -> {
        ClusterReader reader = new ClusterReader(read, SETTINGS);
        ClusterSettings settings = reader.read();
        yield reader.problems().isEmpty()
            ? new Result.Loaded(settings, reader.warnings())
            : new Result.Invalid(reader.problems());
      }
    };
  }
}
