package dev.signalbox.ui.fx;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a window remembers from one start to the next: place, size, theme, screen and searches. A
/// small file in the user's configuration folder; a missing or broken one means the defaults.
public final class WindowMemory {
  /// The smallest window in which everything that matters has its place, in pixels.
  public static final double MIN_WIDTH = 1024;

  public static final double MIN_HEIGHT = 700;

  private static final String SEARCH = "search.";
  private static final Logger log = LoggerFactory.getLogger(WindowMemory.class);

  /// @param x left edge; NaN lets the system choose
  /// @param screen id of the screen that was open; one that does not exist means the first
  /// @param searches what was searched for, by the id of the screen
  public record State(
      double x,
      double y,
      double width,
      double height,
      Theme theme,
      String screen,
      Map<String, String> searches) {
    public static final State DEFAULT =
        new State(Double.NaN, Double.NaN, 1440, 900, Theme.DARK, "board", Map.of());
  }

  private final Path file;

  public WindowMemory(Path file) {
    this.file = file;
  }

  /// In `$XDG_CONFIG_HOME`, `%APPDATA%` or `~/.config`.
  public static WindowMemory ofUser() {
    String folder = System.getenv("XDG_CONFIG_HOME");
    if (folder == null || folder.isBlank()) {
      folder = System.getenv("APPDATA");
    }
    Path config =
        folder == null || folder.isBlank()
            ? Path.of(System.getProperty("user.home", "."), ".config")
            : Path.of(folder);
    return new WindowMemory(config.resolve("signalbox").resolve("window.properties"));
  }

  /// The remembered state, or the default.
  public State read() {
    Properties stored = new Properties();
    if (Files.isRegularFile(file)) {
      try (Reader in = Files.newBufferedReader(file)) {
        stored.load(in);
      } catch (IOException | IllegalArgumentException e) {
        log.warn("{} cannot be read; the window opens as for the first time", file, e);
        return State.DEFAULT;
      }
    }
    State start = State.DEFAULT;
    return new State(
        number(stored, "x", start.x()),
        number(stored, "y", start.y()),
        Math.max(MIN_WIDTH, number(stored, "width", start.width())),
        Math.max(MIN_HEIGHT, number(stored, "height", start.height())),
        theme(stored.getProperty("theme", start.theme().id())),
        stored.getProperty("screen", start.screen()),
        searches(stored));
  }

  /// Remembers. A folder that cannot be written only costs the memory.
  public void write(State state) {
    Properties stored = new Properties();
    stored.setProperty("x", Double.toString(state.x()));
    stored.setProperty("y", Double.toString(state.y()));
    stored.setProperty("width", Double.toString(state.width()));
    stored.setProperty("height", Double.toString(state.height()));
    stored.setProperty("theme", state.theme().id());
    stored.setProperty("screen", state.screen());
    state.searches().forEach((screen, words) -> stored.setProperty(SEARCH + screen, words));
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try (Writer out = Files.newBufferedWriter(file)) {
        stored.store(out, null);
      }
    } catch (IOException e) {
      log.warn("{} cannot be written; the next start will not remember this window", file, e);
    }
  }

  private static Map<String, String> searches(Properties stored) {
    Map<String, String> searches = new HashMap<>();
    for (String key : stored.stringPropertyNames()) {
      if (key.startsWith(SEARCH)) {
        searches.put(key.substring(SEARCH.length()), stored.getProperty(key));
      }
    }
    return Map.copyOf(searches);
  }

  private static double number(Properties stored, String key, double otherwise) {
    String text = stored.getProperty(key);
    if (text == null) {
      return otherwise;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      log.warn("'{}' of the remembered window is not a number: '{}'", key, text);
      return otherwise;
    }
  }

  private static Theme theme(String id) {
    for (Theme theme : Theme.values()) {
      if (theme.id().equals(id.toLowerCase(Locale.ROOT))) {
        return theme;
      }
    }
    return Theme.DARK;
  }
}
