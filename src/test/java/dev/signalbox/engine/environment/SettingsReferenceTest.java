package dev.signalbox.engine.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The tables of the reference page are what the schema says. With `-Dsignalbox.docs=write` the
/// page is written anew.
class SettingsReferenceTest {
  private static final Path PAGE = Path.of("src/docs/reference.md");
  private static final String END = "<!-- end -->";

  @Test
  void theReferencePageSaysWhatTheSchemaSays() throws IOException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf('\n', page.indexOf("<!-- begin of signalbox.schema.json")) + 1;
    int end = page.indexOf(END, begin);
    String derived = table(EnvironmentFile.SETTINGS);
    if ("write".equals(System.getProperty("signalbox.docs"))) {
      Files.writeString(PAGE, page.substring(0, begin) + derived + page.substring(end));
    } else {
      assertThat(page.substring(begin, end))
          .as("run this test with -Dsignalbox.docs=write to write %s anew", PAGE)
          .isEqualTo(derived);
    }
  }

  /// One row for each key; what stands for both colours, or in several places, once.
  private static String table(SettingsSchema schema) {
    List<String> rows = new ArrayList<>();
    rows.add("| Key | What it says | Range | Left out |");
    rows.add("|---|---|---|---|");
    keys(rows, schema, "", schema.root(), new ArrayList<>());
    return String.join("\n", rows) + "\n";
  }

  private static void keys(
      List<String> rows, SettingsSchema schema, String at, JsonNode kind, List<String> told) {
    for (Map.Entry<String, JsonNode> key : kind.path("properties").properties()) {
      String name = at + key.getKey();
      row(rows, schema, name, key.getValue(), needed(kind, key.getKey()));
      inner(rows, schema, name, key.getValue(), told);
    }
  }

  private static void inner(
      List<String> rows, SettingsSchema schema, String name, JsonNode said, List<String> told) {
    String reference = said.path("$ref").asString("");
    JsonNode kind = schema.resolve(said);
    if (SettingsSchema.isSecret(kind) || told.contains(reference)) {
      return;
    }
    if (!reference.isEmpty()) {
      told.add(reference);
    }
    JsonNode more = kind.has("items") ? kind.path("items") : kind.path("additionalProperties");
    if (kind.has("properties")) {
      keys(rows, schema, name + ".", kind, told);
    } else if (schema.resolve(more).has("properties")) {
      inner(rows, schema, name + (kind.has("items") ? "[]" : ".NAME"), more, told);
    }
  }

  /// What is said of a key that must stand there, or must unless others do; empty for the rest.
  private static String needed(JsonNode kind, String key) {
    if (names(kind, key)) {
      return "needed";
    }
    for (JsonNode rule : kind.path("allOf")) {
      if (names(rule.path("else"), key)) {
        List<String> others = new ArrayList<>();
        JsonNode given = rule.path("if");
        (given.has("anyOf") ? given.path("anyOf") : List.of(given))
            .forEach(one -> others.add("`" + one.path("required").path(0).asString() + "`"));
        return "needed without " + String.join(" or ", others);
      }
    }
    return "";
  }

  private static boolean names(JsonNode kind, String key) {
    return kind.path("required").valueStream().anyMatch(one -> one.asString().equals(key));
  }

  private static void row(
      List<String> rows, SettingsSchema schema, String name, JsonNode said, String needed) {
    JsonNode kind = schema.resolve(said);
    String text = said.path("description").asString(kind.path("description").asString(""));
    String range = schema.range(said);
    Optional<String> usual = SettingsSchema.usualText(said);
    rows.add(
        "| `%s` | %s | %s | %s |"
            .formatted(
                name,
                text,
                range.isEmpty() ? kind.path("title").asString("").replace("|", "\\|") : range,
                needed.isEmpty() ? usual.map(value -> "`" + value + "`").orElse("") : needed));
  }
}
