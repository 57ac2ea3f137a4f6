package dev.signalbox.demo.postgres;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The programs of one PostgreSQL.
///
/// @param folder with `bin`
/// @param major version
/// @param templates what its cluster templates are named after, in a folder that can be written
public record PostgresInstallation(Path folder, int major, Path templates) {
  private static final int EMBEDDED = 18;

  /// The one on the class path; unpacked at the first use.
  ///
  /// @throws IOException with a sentence, when this platform has none or it cannot be unpacked
  public static PostgresInstallation embedded() throws IOException {
    Path folder = PostgresBinaries.folder();
    return new PostgresInstallation(folder, EMBEDDED, folder);
  }

  /// One that somebody installed.
  ///
  /// @param folder with `bin`
  public static PostgresInstallation of(Path folder, int major) {
    Path templates =
        PostgresBinaries.cache()
            .resolve("installed-%d-%08x".formatted(major, folder.toAbsolutePath().hashCode()));
    return new PostgresInstallation(folder, major, templates);
  }

  Path program(String name) {
    return folder.resolve("bin").resolve(name);
  }

  /// How `initdb` makes a cluster: the same order of texts in all versions.
  List<String> initdb() {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--username=" + EmbeddedPostgres.SUPERUSER,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C"));
    if (major >= 17) {
      options.add("--locale-provider=builtin");
      options.add("--builtin-locale=C.UTF-8");
    }
    return options;
  }
}
