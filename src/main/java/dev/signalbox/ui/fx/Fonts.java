package dev.signalbox.ui.fx;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import javafx.scene.text.Font;

/// The fonts that come with the window, so that it looks the same everywhere and opens where no
/// font is installed.
public final class Fonts {
  private static final List<String> FILES =
      List.of(
          "Inter-Regular.otf",
          "Inter-Medium.otf",
          "Inter-SemiBold.otf",
          "JetBrainsMono-Regular.ttf",
          "JetBrainsMono-Medium.ttf");

  private Fonts() {}

  /// Makes the families known to style sheets. JavaFX thread.
  public static void load() {
    for (String file : FILES) {
      String path = "/dev/signalbox/ui/fonts/" + file;
      try (InputStream in = Objects.requireNonNull(Fonts.class.getResourceAsStream(path), path)) {
        Font.loadFont(in, 12);
      } catch (IOException e) {
        throw new UncheckedIOException(path, e);
      }
    }
  }
}
