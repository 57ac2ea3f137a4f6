package dev.signalbox.engine.environment;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.keyword.AnnotationKeyword;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Holds a tree against a JSON schema and says in sentences what does not fit. Immutable.
public final class SchemaCheck {
  private final SettingsSchema settings;
  private final Schema schema;

  public SchemaCheck(SettingsSchema settings) {
    this.settings = settings;
    this.schema =
        SchemaRegistry.withDialect(
                Dialect.builder(Dialects.getDraft202012())
                    .keywords(
                        List.of(new AnnotationKeyword("least"), new AnnotationKeyword("most")))
                    .build())
            .getSchema(settings.root());
  }

  /// The schema that is checked against.
  public SettingsSchema settings() {
    return settings;
  }

  /// What a look gave.
  ///
  /// @param refused pointers of the values that are not what they must be. One that lacks a key or
  ///   has a key with a wrong name is not among them: what stands in it may be right.
  record Checked(List<Problem> problems, Set<String> refused) {}

  Checked check(JsonNode root, Places places) {
    List<Problem> problems = new ArrayList<>();
    Set<String> refused = new HashSet<>();
    for (Error error : schema.validate(root)) {
      String pointer = error.getInstanceLocation().toString();
      if (error.getKeyword().equals("propertyNames")) {
        problems.addAll(wrongNames(pointer, root, places));
        continue;
      }
      problems.add(explain(error, root, places));
      if (!error.getKeyword().equals("required")) {
        refused.add(pointer);
      }
    }
    return new Checked(problems.stream().distinct().toList(), refused);
  }

  /// One for each key that is no name, where it stands.
  private List<Problem> wrongNames(String pointer, JsonNode root, Places places) {
    JsonNode names = schemaAt(pointer).path("propertyNames");
    Pattern pattern = Pattern.compile(names.path("pattern").asString());
    return root.at(pointer).propertyNames().stream()
        .filter(key -> !pattern.matcher(key).find())
        .map(key ->
            places.atKey(
                Places.child(pointer, key),
                "'"
                    + cut(key)
                    + "' in '"
                    + Places.spoken(pointer)
                    + "' must be "
                    + names.path("title").asString()
                    + "."))
        .toList();
  }

  private Problem explain(Error error, JsonNode root, Places places) {
    String pointer = error.getInstanceLocation().toString();
    JsonNode schema = schemaAt(pointer);
    JsonNode value = root.at(pointer);
    String name = Places.spoken(pointer);
    String property = error.getProperty();
    if (SettingsSchema.isSecret(schema)) {
      return secret(places, pointer, name);
    }
    String parent = pointer.isEmpty() ? "" : pointer.substring(0, pointer.lastIndexOf('/'));
    if (SettingsSchema.isSecret(schemaAt(parent))) {
      return secret(places, parent, Places.spoken(parent));
    }
    return switch (error.getKeyword()) {
      case "additionalProperties" -> {
        Collection<String> known = new TreeSet<>(schema.path("properties").propertyNames());
        yield places.atKey(
            Places.child(pointer, Objects.requireNonNullElse(property, "")),
            unknownKey(Objects.requireNonNullElse(property, ""), known));
      }
      case "required" -> {
        String missing = Objects.requireNonNullElse(property, "");
        JsonNode wanted = settings.resolve(schema.path("properties").path(missing));
        yield places.atKey(
            pointer,
            "'"
                + missing
                + "' is missing in "
                + (pointer.isEmpty() ? name : "'" + name + "'")
                + ". It is "
                + wanted.path("title").asString("needed")
                + ".");
      }
      case "uniqueItems" ->
          places.atValue(pointer, "'" + name + "' names something twice. Remove one.");
      case "minItems" -> places.atValue(pointer, "'" + name + "' must not be empty.");
      case "maxItems", "maxProperties", "maxLength" ->
          places.atValue(pointer, "'" + name + "' is too long.");
      default ->
          places.atValue(
              pointer,
              pointer.isEmpty() && value.isNull()
                  ? "The file is empty: write " + schema.path("title").asString() + " into it."
                  : "'"
                      + name
                      + "' must be "
                      + schema.path("title").asString("something else")
                      + (pointer.contains("/variables/") ? "" : shown(value, schema))
                      + ".");
    };
  }

  private static Problem secret(Places places, String pointer, String name) {
    return places.atValue(
        pointer,
        "'"
            + name
            + "' must say where the secret is, { file: PATH }, { env: NAME } or { vault: NAME }. Never"
            + " write the secret itself into this file; if one stands here, change it where it is used.");
  }

  /// A short plain value. What stands under a secret or in a variable never comes here, and what
  /// may be one in an address is left out.
  private static String shown(JsonNode value, JsonNode schema) {
    if (value.isNull()) {
      return "; nothing stands here";
    }
    if (!value.isValueNode()) {
      return "";
    }
    String type = schema.path("type").asString("");
    String quotes = "";
    if (value.isString() && (type.equals("integer") || type.equals("boolean"))) {
      quotes = " in quotes";
    } else if (!value.isString() && type.equals("string")) {
      quotes = " without quotes";
    }
    // Whatever stands before an @ or behind a ? may hold a password.
    String text =
        value.asString().replaceAll("(?s)^(\\w+://)?.*@", "$1…@").replaceAll("(?s)\\?.*", "?…");
    return ", not '" + cut(text) + "'" + quotes;
  }

  private static String cut(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }

  private static String unknownKey(String key, Collection<String> known) {
    String shown = cut(key);
    String best = nearest(key, known);
    return "'"
        + shown
        + "' is not known here. "
        + (best == null
            ? "Known are: " + String.join(", ", known) + "."
            : "Did you mean '" + best + "'?");
  }

  private static @Nullable String nearest(String key, Collection<String> known) {
    String best = null;
    int least = Math.max(2, key.length() / 3) + 1;
    for (String candidate : known) {
      int distance =
          distance(
              key.toLowerCase(java.util.Locale.ROOT), candidate.toLowerCase(java.util.Locale.ROOT));
      if (distance < least) {
        best = candidate;
        least = distance;
      }
    }
    return best;
  }

  /// Edits from one word to the other (Levenshtein).
  private static int distance(String a, String b) {
    if (Math.abs(a.length() - b.length()) > 20) {
      return Integer.MAX_VALUE;
    }
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }

  private JsonNode schemaAt(String pointer) {
    return settings.resolve(settings.at(pointer));
  }
}
