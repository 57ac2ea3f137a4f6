package dev.signalbox.ui.fx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The window asks for no words that the bundle lacks, and the bundle keeps none that nobody asks
/// for. A key that is put together is known by how it begins.
class MessagesTest {
  private static final Pattern LITERAL =
      Pattern.compile("\"([a-z]+\\.(?:[a-z0-9_]+\\.)*[a-z0-9_]*)\"");
  private static final Path SOURCES = Path.of("src/main/java/dev/signalbox/ui");

  private final Set<String> keys =
      new TreeSet<>(ResourceBundle.getBundle("dev.signalbox.ui.messages", Locale.ENGLISH).keySet());

  @Test
  void everyKeyThatIsAskedForIsThere() throws IOException {
    Set<String> rooms = new TreeSet<>();
    keys.forEach(key -> rooms.add(key.substring(0, key.indexOf('.'))));
    List<String> missing = new ArrayList<>();
    for (String literal : literals()) {
      boolean ours = rooms.contains(literal.substring(0, literal.indexOf('.')));
      if (ours && !isKnown(literal)) {
        missing.add(literal);
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyKeyIsAskedFor() throws IOException {
    Set<String> literals = literals();
    assertThat(keys)
        .allSatisfy(key ->
            assertThat(literals)
                .anyMatch(l -> l.equals(key) || (l.endsWith(".") && key.startsWith(l))));
  }

  private boolean isKnown(String literal) {
    return literal.endsWith(".")
        ? keys.stream().anyMatch(key -> key.startsWith(literal))
        : keys.contains(literal);
  }

  private static Set<String> literals() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        Matcher matcher = LITERAL.matcher(Files.readString(file));
        while (matcher.find()) {
          found.add(matcher.group(1));
        }
      }
    }
    return found;
  }
}
