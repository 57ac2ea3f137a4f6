package dev.signalbox.engine.secret;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where libpq looks for its files.
///
/// @param environment of the process
/// @param home of its user
/// @param windows where its folder has another name
public record LibpqFiles(Map<String, String> environment, Path home, boolean windows) {
  public static LibpqFiles ofProcess() {
    return new LibpqFiles(
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        System.getProperty("os.name").startsWith("Windows"));
  }

  /// `PGPASSFILE`, else `~/.pgpass`.
  public Path passFile() {
    return variable("PGPASSFILE").orElseGet(() -> own(".pgpass", "pgpass.conf"));
  }

  /// `PGSERVICEFILE`, else `~/.pg_service.conf`; then `pg_service.conf` in `PGSYSCONFDIR`.
  public List<Path> serviceFiles() {
    List<Path> files = new ArrayList<>();
    files.add(
        variable("PGSERVICEFILE").orElseGet(() -> own(".pg_service.conf", ".pg_service.conf")));
    variable("PGSYSCONFDIR").ifPresent(folder -> files.add(folder.resolve("pg_service.conf")));
    return List.copyOf(files);
  }

  /// `~/.postgresql/root.crt`, where drivers look for the root certificate that nobody names.
  public Path rootCertificate() {
    return windows ? own("", "root.crt") : home.resolve(".postgresql").resolve("root.crt");
  }

  private Path own(String name, String onWindows) {
    return windows
        ? Path.of(environment.getOrDefault("APPDATA", home.toString()))
            .resolve("postgresql")
            .resolve(onWindows)
        : home.resolve(name);
  }

  private Optional<Path> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(v -> !v.isEmpty()).map(Path::of);
  }
}
