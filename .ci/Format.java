import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.FormatterException;
import com.google.googlejavaformat.java.ImportOrderer;
import com.google.googlejavaformat.java.JavaFormatterOptions;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Checks or applies google-java-format. Contents that were seen to be well formatted are
/// remembered by their hash, so that a build looks only at what changed.
///
/// Arguments: `check`, `apply` or `skip`, the folder to remember in (and to leave `not-formatted`
/// in, which the build refuses), then folders or files.
final class Format {
  private Format() {}

  public static void main(String[] args) throws IOException {
    if (args[0].equals("skip")) {
      return;
    }
    boolean apply = args[0].equals("apply");
    if (!apply && !args[0].equals("check")) {
      throw new IllegalArgumentException("-Dformat= takes check, apply or skip, not " + args[0]);
    }
    Path memory = Path.of(args[1], "seen");
    Path verdict = Path.of(args[1], "not-formatted");
    Set<String> known =
        Files.exists(memory) ? new TreeSet<>(Files.readAllLines(memory)) : new TreeSet<>();
    Set<String> seen = new TreeSet<>();
    List<String> wrong = new ArrayList<>();
    for (int i = 2; i < args.length; i++) {
      try (var files = Files.walk(Path.of(args[i]))) {
        for (Path file :
            (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
          String text = Files.readString(file);
          String hash = hash(text);
          if (known.contains(hash)) {
            seen.add(hash);
            continue;
          }
          try {
            String formatted = Formatting.of(text);
            if (formatted.equals(text)) {
              seen.add(hash);
            } else if (apply) {
              Files.writeString(file, formatted);
              seen.add(hash(formatted));
              System.out.println("formatted " + file);
            } else {
              wrong.add(file.toString());
            }
          } catch (FormatterException e) {
            wrong.add(file + " cannot be parsed: " + e.getMessage());
          }
        }
      }
    }
    Files.write(memory, seen);
    if (wrong.isEmpty()) {
      Files.deleteIfExists(verdict);
    } else {
      wrong.forEach(w -> System.err.println("[ERROR] not formatted: " + w));
      Files.write(verdict, wrong);
    }
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256")
                  .digest(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /// Apart, so that the formatter is not even loaded when nothing changed.
  private static final class Formatting {
    private static final Formatter FORMATTER =
        new Formatter(JavaFormatterOptions.builder().reorderModifiers(true).build());

    static String of(String text) throws FormatterException {
      String imports =
          RemoveUnusedImports.removeUnusedImports(
              ImportOrderer.reorderImports(text, JavaFormatterOptions.Style.GOOGLE));
      return FORMATTER.formatSource(imports);
    }
  }
}
