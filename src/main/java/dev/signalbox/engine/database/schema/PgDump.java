package dev.signalbox.engine.database.schema;

import dev.signalbox.engine.postgres.LibpqConnection;
import dev.signalbox.engine.postgres.PostgresServer.Coordinates;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The program `pg_dump` of one installation, which knows every kind of object that a schema may
/// hold.
///
/// @param program its path
/// @param major version
record PgDump(Path program, int major) {
  private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");
  private static final Duration ASK = Duration.ofSeconds(5);
  private static final int ERROR_LINES = 5;
  private static final Executor BESIDE = Executors.newVirtualThreadPerTaskExecutor();

  /// With `--verbose` each entry says which row of which catalogue it comes from.
  private static final Pattern ENTRY =
      Pattern.compile(
          "^--\n-- TOC entry \\d+ \\(class (\\d+) OID (\\d+)\\)\n(?:-- Dependencies:[^\n]*\n)?"
              + "-- Name: [^\n]*; Type: ([A-Z ]+); Schema: [^\n]*; Owner:[^\n]*\n--\n",
          Pattern.MULTILINE);

  /// Not SQL: what `psql` is told so that a dump cannot make it do more, and how long it took.
  private static final Pattern NO_SQL =
      Pattern.compile("^(\\\\(un)?restrict .*|-- (Completed|Started) on .*)$", Pattern.MULTILINE);

  /// Where packages put it when it is not on the PATH.
  private enum Place {
    DEBIAN("/usr/lib/postgresql", ""),
    RED_HAT("/usr", "pgsql-"),
    HOMEBREW("/opt/homebrew/opt", "postgresql"),
    HOMEBREW_ON_INTEL("/usr/local/opt", "postgresql"),
    POSTGRES_APP("/Applications/Postgres.app/Contents/Versions", ""),
    INSTALLER("/Library/PostgreSQL", ""),
    WINDOWS("C:\\Program Files\\PostgreSQL", "");

    private final Path folder;
    private final String prefix;

    Place(String folder, String prefix) {
      this.folder = Path.of(folder);
      this.prefix = prefix;
    }

    /// The `bin` of each version.
    private List<Path> versions() {
      if (!Files.isDirectory(folder)) {
        return List.of();
      }
      try (Stream<Path> all = Files.list(folder)) {
        return all.filter(each -> String.valueOf(each.getFileName()).startsWith(prefix))
            .map(each -> each.resolve("bin"))
            .toList();
      } catch (IOException e) {
        // A folder that cannot be listed holds nothing that could be run.
        return List.of();
      }
    }
  }

  /// One object of a schema.
  ///
  /// @param type as `pg_dump` names it, such as `TABLE` or `FK CONSTRAINT`
  /// @param catalogue the oid of the catalogue that it is in, 0 for none
  /// @param oid of its row there
  /// @param sql its statements
  record Entry(String type, long catalogue, long oid, String sql) {}

  /// The oldest that is at least the source's version and at most the target's: it can read the
  /// one, and the other understands what it writes.
  ///
  /// @param source major version of the server that is read
  /// @param target major version of the server that takes it
  static Optional<PgDump> find(int source, int target) {
    return candidates()
        .map(PgDump::of)
        .flatMap(Optional::stream)
        .filter(found -> found.major() >= source && found.major() <= target)
        .min(Comparator.comparingInt(PgDump::major));
  }

  private static Stream<Path> candidates() {
    Stream<Path> packaged = Stream.of(Place.values()).flatMap(place -> place.versions().stream());
    Stream<Path> path =
        Optional.ofNullable(System.getenv("PATH")).stream()
            .flatMap(all -> Stream.of(all.split(File.pathSeparator, -1)))
            .filter(part -> !part.isEmpty())
            .map(Path::of);
    String name = File.separatorChar == '\\' ? "pg_dump.exe" : "pg_dump";
    return Stream.concat(packaged, path)
        .map(folder -> folder.resolve(name))
        .filter(Files::isExecutable)
        .distinct();
  }

  private static Optional<PgDump> of(Path program) {
    try {
      Matcher version =
          VERSION.matcher(run(List.of(program.toString(), "--version"), Map.of(), ASK));
      return version.find()
          ? Optional.of(new PgDump(program, Integer.parseInt(version.group(1))))
          : Optional.empty();
    } catch (IOException e) {
      // It does not run here, so it is none.
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// What the server has in these schemas, in an order in which it can be created.
  ///
  /// @param schemas empty for all
  /// @param patience after which it is given up
  /// @throws IOException with what it said, when it fails
  List<Entry> read(Coordinates server, List<String> schemas, Duration patience)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program.toString());
    command.addAll(
        List.of(
            "--schema-only",
            "--verbose",
            "--no-publications",
            "--no-subscriptions",
            "--no-tablespaces",
            "--encoding=UTF8",
            "--lock-wait-timeout=10000",
            "--exclude-schema=signalbox",
            "--exclude-table=public.schema_version"));
    for (String schema : schemas) {
      command.add("--schema=\"" + schema.replace("\"", "\"\"") + "\"");
    }
    if (!schemas.isEmpty()) {
      command.add("--extension=*");
    }
    return entries(run(command, environment(server), patience));
  }

  private static Map<String, String> environment(Coordinates server) {
    Map<String, String> variables = new HashMap<>(LibpqConnection.variables(server));
    variables.put("PGAPPNAME", "signalbox carry");
    variables.put("PGCONNECT_TIMEOUT", "5");
    return variables;
  }

  static List<Entry> entries(String dump) {
    String sql = NO_SQL.matcher(dump).replaceAll("");
    List<Entry> entries = new ArrayList<>();
    Matcher matcher = ENTRY.matcher(sql);
    boolean more = matcher.find();
    while (more) {
      String type = matcher.group(3);
      long catalogue = Long.parseLong(matcher.group(1));
      long oid = Long.parseLong(matcher.group(2));
      int from = matcher.end();
      more = matcher.find();
      String text = sql.substring(from, more ? matcher.start() : sql.length()).strip();
      if (!text.isEmpty()) {
        entries.add(new Entry(type, catalogue, oid, text));
      }
    }
    return entries;
  }

  private static String run(List<String> command, Map<String, String> variables, Duration patience)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Settings of the console's own user must not decide.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      CompletableFuture<String> said =
          CompletableFuture.supplyAsync(() -> all(process.getInputStream()), BESIDE);
      CompletableFuture<String> complained =
          CompletableFuture.supplyAsync(() -> end(process.getErrorStream()), BESIDE);
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            command.getFirst() + " did not end within " + patience.toSeconds() + " s.");
      }
      if (process.exitValue() != 0) {
        throw new IOException(command.getFirst() + " failed: " + complained.join());
      }
      return said.join();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String all(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /// The last lines: the others tell only how far it is.
  private static String end(InputStream in) {
    List<String> last = new ArrayList<>();
    try (BufferedReader lines =
        new BufferedReader(new java.io.InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last.add(line);
        if (last.size() > ERROR_LINES) {
          last.removeFirst();
        }
      }
    } catch (IOException e) {
      last.add(String.valueOf(e.getMessage()));
    }
    return String.join(" ", last);
  }
}
