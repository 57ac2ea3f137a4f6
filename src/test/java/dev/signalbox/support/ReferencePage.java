package dev.signalbox.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/// What `src/docs/reference.md` says.
public final class ReferencePage {
  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\n(.*?)^```$");

  private ReferencePage() {}

  /// Its examples of `signalbox.yaml`: one with everything, one with several databases, one with
  /// all that a server may need.
  public static List<String> examples() throws IOException {
    return YAML.matcher(Files.readString(Path.of("src/docs/reference.md")))
        .results()
        .map(match -> match.group(1))
        .toList();
  }
}
