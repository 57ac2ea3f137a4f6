package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.file.AtomicFile;
import dev.signalbox.support.ReferencePage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServersTest {
  @TempDir Path folder;

  @Test
  void ofSeveralDatabasesTheFirstOneKeepsTheJournalAsTheReferenceSays() throws Exception {
    Files.createDirectories(folder.resolve("secrets"));
    for (String name : List.of("blue", "green")) {
      AtomicFile.ofOwner(folder.resolve("secrets").resolve(name)).write("x\n");
    }
    Path file = folder.resolve("signalbox.yaml");
    Files.writeString(file, ReferencePage.examples().get(1));

    Servers servers = new Servers(Consoles.read(file));

    assertThat(servers.journal())
        .extracting(server -> server.coordinates().host() + " " + server.coordinates().database())
        .containsExactlyInAnyOrder("db-blue.example orders", "db-green.example orders");
  }
}
