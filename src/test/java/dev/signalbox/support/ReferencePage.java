package dev.signalbox.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What `src/docs/reference.md` says.
public final class ReferencePage {
  private static final Pattern GATE = Pattern.compile("`([a-z-]+\\.[a-z-]+)`");

  private ReferencePage() {}

  /// The ids in the first column of its table of gates.
  public static Set<String> gates() throws IOException {
    String page = Files.readString(Path.of("src/docs/reference.md"));
    String section = page.substring(page.indexOf("\n## Gates\n") + 1);
    return section
        .substring(0, section.indexOf("\n## "))
        .lines()
        .filter(line -> line.startsWith("| `"))
        .map(line -> line.split("\\|", -1)[1])
        .flatMap(cell -> GATE.matcher(cell).results())
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }
}
