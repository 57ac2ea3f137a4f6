package dev.signalbox.engine.environment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Writes an environment as a complete `signalbox.yaml`. What is said of each key comes from the
/// schema, once for each kind of thing.
public final class EnvironmentWriter {
  private static final int WIDTH = 110;
  private static final List<String> HEAD =
      List.of(
          "# One service with a blue and a green stack. Durations: 500ms, 5s, 2m, 1h.",
          "# Relative paths start at the folder of this file. Secrets are never written here: each is"
              + " in a file that",
          "# only its owner may read, { file: PATH }, in an environment variable, { env: NAME }, or in the"
              + " vault, { vault: NAME }.");

  private final SettingsSchema schema = EnvironmentFile.SETTINGS;
  private final StringBuilder out = new StringBuilder();
  private final Set<String> told = new HashSet<>();

  private EnvironmentWriter() {}

  /// The text of the file, to be stored in [Environment#folder].
  public static String write(Environment environment) {
    EnvironmentWriter writer = new EnvironmentWriter();
    HEAD.forEach(line -> writer.line(0, line));
    writer.object(
        0,
        EnvironmentFile.SETTINGS.root(),
        new EnvironmentTree(environment.folder()).of(environment));
    return writer.out.toString();
  }

  private void object(int depth, JsonNode kind, JsonNode tree) {
    for (Map.Entry<String, JsonNode> one : tree.properties()) {
      JsonNode said = SettingsSchema.child(kind, one.getKey());
      if (depth == 0 && one.getValue().isObject()) {
        line(0, "");
      }
      value(depth, one.getKey() + ":", said, comment(said), one.getValue());
    }
  }

  private void value(int depth, String key, JsonNode said, String comment, JsonNode value) {
    JsonNode kind = schema.resolve(said);
    if (value.isValueNode() || flat(kind, value)) {
      boolean word = said.has("least") || kind.has("enum");
      commented(depth, key + " " + (word ? value.asString() : inline(value)), comment);
      return;
    }
    commented(depth, key, comment);
    if (value.isArray()) {
      value.forEach(element -> element(depth + 1, kind.path("items"), element));
    } else {
      object(depth + 1, kind, value);
    }
  }

  /// The first key of an element stands behind its dash, below what is said of it.
  private void element(int depth, JsonNode said, JsonNode element) {
    int key = out.length();
    object(depth + 1, schema.resolve(said), element);
    String indent = "  ".repeat(depth + 1);
    while (out.charAt(key + indent.length()) == '#') {
      key = out.indexOf("\n", key) + 1;
    }
    out.replace(key + indent.length() - 2, key + indent.length(), "- ");
  }

  private static boolean flat(JsonNode kind, JsonNode value) {
    return SettingsSchema.isSecret(kind)
        || (value.isObject() && value.isEmpty())
        || (value.isArray() && value.valueStream().allMatch(JsonNode::isValueNode));
  }

  private static String inline(JsonNode value) {
    if (value.isArray()) {
      return "["
          + String.join(", ", value.valueStream().map(EnvironmentWriter::inline).toList())
          + "]";
    }
    if (value.isObject() && value.isEmpty()) {
      return "{}";
    } else if (value.isObject()) {
      List<String> parts = new ArrayList<>();
      value.properties().forEach(p -> parts.add(p.getKey() + ": " + inline(p.getValue())));
      return "{ " + String.join(", ", parts) + " }";
    }
    // JSON's quotes are YAML's too.
    return JsonMapper.shared().writeValueAsString(value);
  }

  /// Empty when the same was said above.
  private String comment(JsonNode said) {
    String text =
        said.path("description").asString(schema.resolve(said).path("description").asString(""));
    String range = schema.range(said);
    return text.isEmpty() || !told.add(text)
        ? ""
        : range.isEmpty() ? text : text + " " + range + ".";
  }

  private void commented(int depth, String text, String comment) {
    String all = text + "  # " + comment;
    if (comment.isEmpty()) {
      line(depth, text);
    } else if (2 * depth + all.length() <= WIDTH) {
      line(depth, all);
    } else {
      wrapped(comment, WIDTH - 2 * depth - 2).forEach(part -> line(depth, "# " + part));
      line(depth, text);
    }
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private void line(int depth, String text) {
    out.append("  ".repeat(text.isEmpty() ? 0 : depth)).append(text).append('\n');
  }
}
