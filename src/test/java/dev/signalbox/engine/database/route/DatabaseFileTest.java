package dev.signalbox.engine.database.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.release.DeposedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseFileTest {
  private @TempDir Path folder;
  private Path path;
  private DatabaseFile file;

  @BeforeEach
  void name() {
    path = folder.resolve("new/green.properties");
    file = new DatabaseFile(path);
  }

  private static DatabaseTarget target(String url) {
    return new DatabaseTarget(Colour.GREEN, url, "bank_app", Path.of("/secrets/app"));
  }

  @Test
  void risesWithEachChangeAndOnlyThen() throws IOException {
    assertThat(file.read()).isEmpty();
    assertThat(file.write(target("jdbc:postgresql://a/bank"), 3)).isEqualTo(1);
    assertThat(file.write(target("jdbc:postgresql://a/bank"), 4)).isEqualTo(1);
    assertThat(file.write(target("jdbc:postgresql://b/bank"), 4)).isEqualTo(2);
    assertThat(file.read())
        .hasValue(new DatabaseFile.Content(2, 4, target("jdbc:postgresql://b/bank")));
  }

  @Test
  void refusesADeposedConsole() throws IOException {
    file.write(target("jdbc:postgresql://a/bank"), 5);
    assertThatThrownBy(() -> file.write(target("jdbc:postgresql://b/bank"), 4))
        .isInstanceOf(DeposedException.class)
        .hasMessageContaining("epoch 5");
    assertThat(file.read().orElseThrow().target().url()).isEqualTo("jdbc:postgresql://a/bank");
  }

  @Test
  void onlyTheOwnerReadsItAndNothingIsLeftBeside() throws IOException {
    file.write(target("jdbc:postgresql://a/bank"), 1);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
        .isEqualTo("rw-------");
    try (Stream<Path> files = Files.list(path.getParent())) {
      assertThat(files.map(one -> one.getFileName().toString()))
          .containsExactlyInAnyOrder("green.properties", "green.properties.lock");
    }
  }

  @Test
  void aValueCannotSmuggleInAKey() throws IOException {
    DatabaseTarget odd = target("jdbc:postgresql://a/bank?x=\\y\nepoch=99");
    file.write(odd, 1);
    assertThat(file.read()).hasValue(new DatabaseFile.Content(1, 1, odd));
  }

  @Test
  void saysWhatToDoAboutAFileThatIsNotWhole() throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, "generation=one\n");
    assertThatThrownBy(() -> file.read())
        .isInstanceOf(IOException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining("Remove it");
  }

  @Test
  void passwordStaysInItsOwnFile() throws IOException {
    assertThat(file.passwordFile(new SecretSource.InFile(Path.of("/secrets/app"))))
        .isEqualTo(Path.of("/secrets/app"));
    Path written = file.passwordFile(new SecretSource.InVariable("PATH"));
    assertThat(Files.readString(written).strip()).isEqualTo(System.getenv("PATH"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(written)))
        .isEqualTo("rw-------");
  }

  @Test
  void anAcknowledgementIsOnlyOneWithAnIdentity() {
    Acknowledgement up =
        Acknowledgement.of(
            200,
            "{\"status\":\"UP\",\"database\":{\"generation\":7,\"epoch\":3,"
                + "\"systemIdentifier\":\"7312\",\"name\":\"bank\",\"latencyMs\":0.4}}");
    assertThat(up).isEqualTo(new Acknowledgement(7, new Identity("7312", "bank"), ""));
    assertThat(Acknowledgement.of(503, "{\"status\":\"DOWN\",\"problem\":\"refused\"}").problem())
        .isEqualTo("refused");
    assertThat(Acknowledgement.of(200, "{}").problem()).isNotEmpty();
    assertThat(Acknowledgement.of(200, "<html>").problem()).isNotEmpty();
  }
}
