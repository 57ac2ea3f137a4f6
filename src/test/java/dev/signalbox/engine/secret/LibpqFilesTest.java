package dev.signalbox.engine.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibpqFilesTest {
  @TempDir Path folder;

  private PassFile passFile(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("pgpass"), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return new PassFile(file);
  }

  @Test
  void theFirstLineThatFitsGivesThePassword() throws Exception {
    PassFile file =
        passFile(
            """
            # db:5432:bank:me:in a comment
            db:5432:bank:you:not mine
            db:5433:bank:me:another port
            db:5432:bank
            2001\\:db8\\:\\:1:5432:*:me:of an address
            db:5432:we\\:ird\\\\name:me:with \\: and \\\\ and : in it
            *:*:*:me:of everything
            db:5432:bank:me:too late
            """);

    assertThat(file.password("db", 5432, "bank", "me")).contains("of everything");
    assertThat(file.password("2001:db8::1", 5432, "any", "me")).contains("of an address");
    assertThat(file.password("db", 5432, "we:ird\\name", "me"))
        .contains("with : and \\ and : in it");
    assertThat(file.password("db", 5433, "bank", "me")).contains("another port");
    assertThat(file.password("db", 5432, "bank", "nobody")).isEmpty();
  }

  @Test
  void aPasswordFileThatOthersMayUseIsRefused() throws Exception {
    PassFile file = passFile("*:*:*:*:secret-of-all\n");
    Files.setPosixFilePermissions(file.path(), PosixFilePermissions.fromString("rw-r-----"));

    assertThatThrownBy(() -> file.password("db", 1, "d", "u"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("secret-of-all");
    assertThatThrownBy(() -> new PassFile(folder).password("db", 1, "d", "u"))
        .hasMessage("There is no password file " + folder + ".");
  }

  @Test
  void theFirstFileThatHasTheServiceSaysWhatItIs() throws Exception {
    Path own =
        Files.writeString(
            folder.resolve("own.conf"),
            """
            # mine
            [other]
            host=x

            [bank]
              host=db
            port=5433
            host=second
            password=a=b
            [bank]
            host=third
            """);
    Path all =
        Files.writeString(folder.resolve("pg_service.conf"), "[bank]\nhost=y\n[shop]\nhost=z\n");
    LibpqFiles files =
        new LibpqFiles(
            Map.of("PGSERVICEFILE", own.toString(), "PGSYSCONFDIR", folder.toString()),
            folder,
            false);

    assertThat(files.serviceFiles()).containsExactly(own, all);
    assertThat(ServiceFile.find(files.serviceFiles(), "bank"))
        .contains(
            new ServiceFile.Found(own, Map.of("host", "db", "port", "5433", "password", "a=b")));
    assertThat(ServiceFile.find(files.serviceFiles(), "shop").orElseThrow().file()).isEqualTo(all);
    assertThat(ServiceFile.find(files.serviceFiles(), "none")).isEmpty();
    assertThat(ServiceFile.find(files.serviceFiles(), "bank").toString()).doesNotContain("a=b");
  }

  @Test
  void aLineThatIsNoneIsNamedAndNotShown() throws Exception {
    Path file = Files.writeString(folder.resolve("s.conf"), "[bank]\nhost=x\nhunter2\n");

    assertThatThrownBy(() -> ServiceFile.find(List.of(file), "bank"))
        .hasMessage("Line 3 of the service file " + file + " is not 'parameter=value'.");
  }

  @Test
  void withoutVariablesTheyAreInTheHomeOfTheUser() {
    LibpqFiles unix = new LibpqFiles(Map.of(), folder, false);
    LibpqFiles windows = new LibpqFiles(Map.of("APPDATA", folder.toString()), folder, true);

    assertThat(unix.passFile()).isEqualTo(folder.resolve(".pgpass"));
    assertThat(unix.serviceFiles()).containsExactly(folder.resolve(".pg_service.conf"));
    assertThat(unix.rootCertificate()).isEqualTo(folder.resolve(".postgresql/root.crt"));
    assertThat(windows.passFile()).isEqualTo(folder.resolve("postgresql/pgpass.conf"));
    assertThat(windows.rootCertificate()).isEqualTo(folder.resolve("postgresql/root.crt"));
  }
}
