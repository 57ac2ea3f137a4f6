package dev.signalbox.engine.database.migration;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The scripts of a folder. What is in it is not trusted: a name that is nearly right, a second
/// script with the same version, a link out of the folder, a huge file or one that is not UTF-8 is
/// refused with a sentence.
///
/// @param ups `V…`, by rising version
/// @param downs `U…`, by version
public record ScriptFolder(List<Script> ups, Map<Version, Script> downs) {
  static final ScriptFolder NONE = new ScriptFolder(List.of(), Map.of());

  /// A script is read into memory and kept in the history table.
  static final long LARGEST = 4L << 20;

  private static final int MOST = 10_000;
  private static final Pattern NAME =
      Pattern.compile("([VU])(\\d{1,18}(?:[._]\\d{1,18})*)__(.{1,200})\\.sql");

  public ScriptFolder {
    ups = List.copyOf(ups);
  }

  /// Files whose name does not end in `.sql` are left alone.
  public static ScriptFolder read(Path folder) throws ScriptException {
    Map<Version, Script> ups = new TreeMap<>();
    Map<Version, Script> downs = new TreeMap<>();
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      Matcher matcher = NAME.matcher(name);
      if (!matcher.matches()) {
        throw new ScriptException(
            "'"
                + name
                + "' in "
                + folder
                + " is not named V<version>__<text>.sql or U<version>__<text>.sql; rename it.");
      }
      Script script = script(folder, file, name, Version.parse(matcher.group(2)), matcher.group(3));
      Script other =
          (matcher.group(1).equals("V") ? ups : downs).putIfAbsent(script.version(), script);
      if (other != null) {
        throw new ScriptException(
            "'" + other.file() + "' and '" + name + "' have the same version; renumber one.");
      }
    }
    for (Script down : downs.values()) {
      if (!ups.containsKey(down.version())) {
        throw new ScriptException(
            "'" + down.file() + "' undoes version " + down.version() + ", which has no script.");
      }
    }
    return new ScriptFolder(
        ups.values().stream().sorted(Comparator.comparing(Script::version)).toList(), downs);
  }

  public Optional<Script> up(Version version) {
    return ups.stream().filter(s -> s.version().equals(version)).findFirst();
  }

  private static List<Path> files(Path folder) throws ScriptException {
    if (!Files.isDirectory(folder)) {
      throw new ScriptException("There is no folder " + folder + " with migrations.");
    }
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> files =
          new ArrayList<>(
              all.filter(f -> f.getFileName().toString().endsWith(".sql"))
                  .limit(MOST + 1)
                  .toList());
      if (files.size() > MOST) {
        throw new ScriptException(folder + " holds more than " + MOST + " scripts.");
      }
      files.sort(Comparator.comparing(f -> f.getFileName().toString()));
      return files;
    } catch (IOException e) {
      throw new ScriptException("The folder " + folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static Script script(
      Path folder, Path file, String name, Version version, String description)
      throws ScriptException {
    try {
      Path real = file.toRealPath();
      if (!real.startsWith(folder.toRealPath())) {
        throw new ScriptException("'" + name + "' is a link out of " + folder + "; copy the file.");
      }
      if (!Files.isRegularFile(real)) {
        throw new ScriptException("'" + name + "' is not a file.");
      }
      if (Files.size(real) > LARGEST) {
        throw new ScriptException(
            "'" + name + "' is larger than " + (LARGEST >> 20) + " MiB; load data another way.");
      }
      String text = normal(decode(name, Files.readAllBytes(real)));
      return checked(
          new Script(
              version, description.replace('_', ' '), name, text, SqlSplitter.split(name, text)));
    } catch (IOException e) {
      throw new ScriptException("'" + name + "' cannot be read: " + e.getMessage(), e);
    }
  }

  private static String decode(String name, byte[] bytes) throws ScriptException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes))
          .toString();
    } catch (CharacterCodingException e) {
      throw new ScriptException(
          name + ", line " + firstBadLine(bytes) + ": not UTF-8; save the file as UTF-8.", e);
    }
  }

  private static int firstBadLine(byte[] bytes) {
    String replaced = new String(bytes, StandardCharsets.UTF_8);
    int bad = replaced.indexOf('\uFFFD');
    return 1 + (int) replaced.substring(0, Math.max(0, bad)).chars().filter(c -> c == '\n').count();
  }

  private static String normal(String text) {
    String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return plain.replace("\r\n", "\n").replace('\r', '\n');
  }

  private static Script checked(Script script) throws ScriptException {
    int nul = script.text().indexOf('\0');
    if (nul >= 0) {
      throw new ScriptException(script.file() + " holds a NUL character; take it out.");
    }
    for (SqlStatement s : script.statements()) {
      String at = script.file() + ", line " + s.line() + ": ";
      if (s.controlsTransaction()) {
        throw new ScriptException(
            at + "the script runs in a transaction of its own; take the statement out.");
      }
      if (s.copiesFromClient()) {
        throw new ScriptException(at + "COPY FROM STDIN has no data here; use INSERT.");
      }
      if (s.alone() && script.statements().size() > 1) {
        throw new ScriptException(
            at + "the statement cannot run in a transaction; give it a script of its own.");
      }
      if (s.buildsIndexConcurrently() && s.indexName().isEmpty()) {
        throw new ScriptException(
            at + "name the index, so that a build that failed can be found again.");
      }
    }
    return script;
  }
}
