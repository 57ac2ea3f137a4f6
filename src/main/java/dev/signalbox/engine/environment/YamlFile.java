package dev.signalbox.engine.environment;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads a configuration file and holds it against its schema. Problems have line and column;
/// nothing is thrown for what a file may contain.
public final class YamlFile {
  /// Larger files are refused, in bytes.
  public static final int LIMIT = 256 * 1024;

  private YamlFile() {}

  /// What reading a file gave.
  public sealed interface Result {
    /// A tree, which need not fit its schema.
    ///
    /// @param problems with the text and with the schema
    /// @param refused pointers of the values that the schema refused
    record Read(
        Path file, JsonNode root, Places places, List<Problem> problems, Set<String> refused)
        implements Result {}

    /// @param problems at least one, sorted by place
    record Invalid(List<Problem> problems) implements Result {}
  }

  public static Result read(Path file, SchemaCheck schema) {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(LIMIT + 1);
    } catch (IOException e) {
      String why =
          Files.isDirectory(file)
              ? "It is a folder."
              : Files.exists(file) ? "Its owner must let you read it." : "There is no such file.";
      return invalid(file, "The file cannot be read. " + why);
    }
    if (bytes.length > LIMIT) {
      return invalid(
          file, "The file is larger than " + LIMIT / 1024 + " KiB. Is it the right one?");
    }
    return parse(file, bytes, schema);
  }

  static Result parse(Path file, byte[] bytes, SchemaCheck schema) {
    YamlText.Parsed parsed = YamlText.parse(file, bytes);
    JsonNode root = parsed.root();
    if (root == null) {
      return new Result.Invalid(parsed.problems());
    }
    SchemaCheck.Checked checked = schema.check(root, parsed.places());
    List<Problem> problems = new ArrayList<>(parsed.problems());
    problems.addAll(checked.problems());
    return new Result.Read(file, root, parsed.places(), problems, checked.refused());
  }

  private static Result invalid(Path file, String text) {
    return new Result.Invalid(List.of(new Problem(file, 1, 1, text)));
  }
}
