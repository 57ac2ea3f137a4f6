package dev.signalbox.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void readersSeeTheOldContentUntilTheCommit() throws Exception {
    Path file = folder.resolve("state");
    AtomicFile atomic = new AtomicFile(file);
    atomic.write("blue");
    assertThat(file).hasContent("blue");
    atomic.prepare("green, and longer");
    assertThat(file).hasContent("blue");
    // Another content was wanted meanwhile.
    atomic.prepare("grün");
    assertThat(file).hasContent("blue");
    atomic.commit();
    assertThat(file).hasContent("grün");
    assertThat(folder).isDirectoryNotContaining("glob:**.next");
  }

  @Test
  void anInterruptedThreadReadsWhatIsThere() throws Exception {
    Path file = folder.resolve("state");
    Path latin = folder.resolve("latin");
    new AtomicFile(file).write("grün");
    Files.write(latin, new byte[] {'g', 'r', (byte) 0xfc, 'n'});
    Thread.currentThread().interrupt();
    try {
      assertThat(AtomicFile.read(file)).isEqualTo("grün");
      assertThatThrownBy(() -> AtomicFile.read(folder.resolve("none")))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> AtomicFile.read(latin)).isInstanceOf(CharacterCodingException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void whatCannotBePreparedChangesNothing() throws Exception {
    Path file = folder.resolve("state");
    AtomicFile atomic = new AtomicFile(file);
    atomic.write("blue");
    Files.createDirectories(folder.resolve("state.next/full"));
    assertThatThrownBy(() -> atomic.write("green")).isInstanceOf(IOException.class);
    assertThat(file).hasContent("blue");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void onlyTheOwnerReadsASecret() throws Exception {
    Path file = Files.writeString(folder.resolve("secret"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    // What a writer left that died, or that somebody else put there.
    Path left = Files.writeString(folder.resolve("secret.next"), "half");
    Files.setPosixFilePermissions(left, PosixFilePermissions.fromString("rw-rw-rw-"));
    AtomicFile atomic = AtomicFile.ofOwner(file);
    atomic.prepare("new");
    assertThat(permissions(left)).isEqualTo("rw-------");
    atomic.commit();
    assertThat(permissions(file)).isEqualTo("rw-------");
    assertThat(file).hasContent("new");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aLinkBesideItLeadsNowhere() throws Exception {
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "mine");
    Path file = folder.resolve("secret");
    Files.createSymbolicLink(folder.resolve("secret.next"), elsewhere);
    AtomicFile.ofOwner(file).write("new");
    assertThat(elsewhere).hasContent("mine");
    assertThat(file).hasContent("new").isRegularFile();
    assertThat(Files.isSymbolicLink(file)).isFalse();
  }
}
