package dev.signalbox.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// An entry that is started by hand and cannot start says why in a sentence.
@Timeout(60)
@Tag("long")
class EntryStartTest {
  @TempDir Path folder;

  @BeforeEach
  void write() throws IOException {
    Files.writeString(folder.resolve("token"), "0123456789abcdef\n");
    config(0);
  }

  private void config(int port) throws IOException {
    URI nowhere = URI.create("http://127.0.0.1:1");
    EntryConfig.Upstream stack = new EntryConfig.Upstream(nowhere, nowhere);
    EntryConfig config =
        new EntryConfig(
            "127.0.0.1",
            port,
            0,
            folder.resolve("token"),
            folder.resolve("state"),
            folder.resolve("ready"),
            Colour.BLUE,
            Map.of(Colour.BLUE, stack, Colour.GREEN, stack),
            EntryConfig.Limits.defaults());
    Files.writeString(folder.resolve("entry.json"), config.toJson());
  }

  private void assertRefused(String sentence) throws Exception {
    Process entry = EntryProcess.launch(folder.resolve("entry.json"), folder.resolve("log"));
    try {
      assertThat(entry.waitFor(30, TimeUnit.SECONDS)).isTrue();
      String said = Files.readString(folder.resolve("log"));
      assertThat(said).contains(sentence).doesNotContain("\tat ", "Exception in");
      assertThat(entry.exitValue()).isEqualTo(1);
      assertThat(folder.resolve("ready")).doesNotExist();
    } finally {
      entry.destroyForcibly();
    }
  }

  /// `FF` stands for a byte that is no text.
  @ParameterizedTest
  @CsvSource({
    "state, '{\"route\":\"bl', state file",
    "state, FF, state file",
    "state.lease, '', lease file",
    "state.lease, FF, lease file",
    "token, short, a token of at least 16 characters",
    "entry.json, '{}', is not valid",
    "entry.json, FF, is not valid"
  })
  void aDamagedFileIsNamed(String file, String content, String sentence) throws Exception {
    if (content.equals("FF")) {
      Files.write(folder.resolve(file), new byte[] {(byte) 0xff});
    } else {
      Files.writeString(folder.resolve(file), content, StandardCharsets.UTF_8);
    }
    assertRefused(sentence);
  }

  @Test
  void aTokenThatIsNotThereIsNamed() throws Exception {
    Files.delete(folder.resolve("token"));
    assertRefused("The entry cannot use " + folder.resolve("token"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"state", "ready"})
  void aFolderThatIsNotThereIsNamed(String name) throws Exception {
    Path config = folder.resolve("entry.json");
    Path file = folder.resolve(name);
    Path astray = folder.resolve("nowhere").resolve(name);
    Files.writeString(
        config, Files.readString(config).replace("\"" + file + "\"", "\"" + astray + "\""));
    assertRefused("the folder of " + name + "File " + astray + " is not there. Make it first");
  }

  @Test
  void aPortThatIsTakenIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      config(taken.getLocalPort());
      assertRefused("The entry cannot listen on 127.0.0.1:" + taken.getLocalPort());
    }
  }
}
