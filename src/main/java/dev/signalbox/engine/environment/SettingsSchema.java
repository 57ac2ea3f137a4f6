package dev.signalbox.engine.environment;

import dev.signalbox.engine.DurationText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON schema of a settings file: the one source of its names, ranges, defaults and texts. A
/// duration has its range as `least` and `most`. Immutable.
public final class SettingsSchema {
  private final JsonNode root;

  /// @param owner a class in whose package the resource lies
  public SettingsSchema(Class<?> owner, String resource) {
    try (InputStream in = Objects.requireNonNull(owner.getResourceAsStream(resource))) {
      this.root = JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// As it stands in the resource.
  JsonNode root() {
    return root;
  }

  /// What is said of the value at a place of the file; missing when nothing is.
  ///
  /// @param pointer of the value in the file, not of the schema
  JsonNode at(String pointer) {
    JsonNode schema = root;
    if (pointer.isEmpty()) {
      return schema;
    }
    for (String escaped : pointer.substring(1).split("/", -1)) {
      schema = child(resolve(schema), escaped.replace("~1", "/").replace("~0", "~"));
    }
    return schema;
  }

  /// What is said of a key, or of each element of a list.
  static JsonNode child(JsonNode schema, String name) {
    if (schema.path("properties").has(name)) {
      return schema.path("properties").path(name);
    }
    return schema.has("items") ? schema.path("items") : schema.path("additionalProperties");
  }

  /// The definition that a schema refers to, or itself.
  JsonNode resolve(JsonNode schema) {
    String reference = schema.path("$ref").asString("");
    return reference.isEmpty() ? schema : root.at(reference.substring(1));
  }

  /// What stands for a value that is left out; missing when it has none.
  JsonNode usual(String pointer) {
    return at(pointer).path("default");
  }

  public Duration usualDuration(String pointer) {
    return DurationText.parse(usual(pointer).asString());
  }

  public int usualNumber(String pointer) {
    return usual(pointer).asInt();
  }

  static boolean isSecret(JsonNode resolved) {
    return resolved.path("properties").has("env");
  }

  /// The range of a value, such as `50ms to 60s`; empty when its kind alone says it.
  String range(JsonNode schema) {
    if (schema.has("least")) {
      return schema.path("least").asString() + " to " + schema.path("most").asString();
    }
    JsonNode resolved = resolve(schema);
    return resolved.has("minimum")
        ? resolved.path("minimum").asString() + " to " + resolved.path("maximum").asString()
        : "";
  }

  /// What stands for a value that is left out, as a person writes it; empty when it has none.
  static Optional<String> usualText(JsonNode schema) {
    JsonNode usual = schema.path("default");
    return usual.isMissingNode() || (usual.isContainer() && usual.isEmpty())
        ? Optional.empty()
        : Optional.of(usual.isString() ? usual.asString() : usual.toString().replace("\"", ""));
  }
}
