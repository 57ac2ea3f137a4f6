package dev.signalbox.ui.fx;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every colour that text is written in can be read on every ground that it is written on, as WCAG
/// 2.2 measures it for level AA, and so can borders of controls, bars and the ring of the focus.
class ThemeContrastTest {
  private static final double TEXT = 4.5;
  private static final double SHAPE = 3;
  private static final Pattern COLOUR = Pattern.compile("-sb-([a-z-]+):\\s*#([0-9a-f]{6});");
  private static final List<String> GROUNDS = List.of("bg", "panel", "raised");
  private static final List<String> TEXTS =
      List.of("text", "soft", "muted", "blue", "green", "ok", "warn", "bad");
  private static final List<String> SHAPES = List.of("line-strong", "done", "focus");
  private static final Map<String, List<String>> ON_FILLS =
      Map.of(
          "blue-fill", List.of("blue-ink", "text", "soft"),
          "green-fill", List.of("green-ink", "text", "soft"),
          "warn-fill", List.of("warn", "text", "soft"),
          "bad-fill", List.of("bad", "text", "soft"));

  @ParameterizedTest
  @EnumSource(Theme.class)
  void textCanBeRead(Theme theme) throws IOException {
    Map<String, Integer> colours = colours(theme);
    for (String ground : GROUNDS) {
      TEXTS.forEach(text -> check(theme, colours, text, ground, TEXT));
      SHAPES.forEach(shape -> check(theme, colours, shape, ground, SHAPE));
    }
    ON_FILLS.forEach(
        (fill, texts) -> texts.forEach(text -> check(theme, colours, text, fill, TEXT)));
  }

  private static void check(
      Theme theme, Map<String, Integer> colours, String text, String ground, double least) {
    double lighter = luminance(Objects.requireNonNull(colours.get(text), text));
    double darker = luminance(Objects.requireNonNull(colours.get(ground), ground));
    double ratio = (Math.max(lighter, darker) + 0.05) / (Math.min(lighter, darker) + 0.05);
    assertThat(ratio)
        .as("%s: %s on %s", theme.name().toLowerCase(Locale.ROOT), text, ground)
        .isGreaterThanOrEqualTo(least);
  }

  private static double luminance(int rgb) {
    return 0.2126 * linear(rgb >> 16 & 0xff)
        + 0.7152 * linear(rgb >> 8 & 0xff)
        + 0.0722 * linear(rgb & 0xff);
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }

  private static Map<String, Integer> colours(Theme theme) throws IOException {
    String path = "/dev/signalbox/ui/" + theme.id() + ".css";
    try (InputStream in = Objects.requireNonNull(Theme.class.getResourceAsStream(path), path)) {
      Matcher found = COLOUR.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
      Map<String, Integer> colours = new HashMap<>();
      while (found.find()) {
        colours.put(found.group(1), Integer.parseInt(found.group(2), 16));
      }
      return colours;
    }
  }
}
