package dev.signalbox.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `src/docs/guide.md` says.
public final class GuidePage {
  private static final Pattern GATE = Pattern.compile("`([a-z-]+\\.[a-z-]+)`");

  private GuidePage() {}

  /// The ids in the last column of its table of gates.
  public static Set<String> gates() throws IOException {
    String page = Files.readString(Path.of("src/docs/guide.md"));
    String section = page.substring(page.indexOf("\n## The gates\n") + 1);
    return section
        .substring(0, section.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith("| "))
        .map(line -> line.split("\\|", -1)[3])
        .flatMap(cell -> GATE.matcher(cell).results())
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
