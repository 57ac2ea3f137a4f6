package dev.signalbox.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClusterTemplateTest {
  @TempDir Path cache;

  private ClusterTemplate template(ClusterTemplate.Initdb initdb)
      throws IOException, InterruptedException {
    return ClusterTemplate.of(
        cache.resolve("postgres-x"), Unprivileged.AS_WE_ARE, "settings", "secret", initdb);
  }

  @Test
  void isMadeOnceForManyAtTheSameTime() throws Exception {
    AtomicInteger made = new AtomicInteger();
    Callable<ClusterTemplate> make =
        () ->
            template((data, passwordFile) -> {
              made.incrementAndGet();
              assertThat(passwordFile).hasContent("secret");
              Files.createDirectory(data);
            });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : threads.invokeAll(List.of(make, make, make))) {
        assertThat(result.get().data()).isDirectory();
        assertThat(result.get().password()).isEqualTo("secret");
      }
    }
    assertThat(made).hasValue(1);
  }

  @Test
  void whoComesSecondTakesWhatAnotherProcessMade() throws Exception {
    ClusterTemplate mine =
        template((data, passwordFile) -> {
          Files.createDirectory(data);
          Path theirs = cache.resolve("theirs");
          Files.createDirectories(theirs.resolve("data"));
          Files.writeString(theirs.resolve("password"), "theirs");
          Files.move(theirs, name());
        });
    assertThat(mine.password()).isEqualTo("theirs");
    assertThat(cache.toFile().list()).hasSize(1);
  }

  private Path name() {
    return cache.resolve("postgres-x-AS_WE_ARE-%08x".formatted("settings".hashCode()));
  }

  @Test
  void aFailureLeavesNothing() {
    assertThatThrownBy(() ->
            template((data, passwordFile) -> {
              Files.createDirectory(data);
              throw new IOException("initdb failed");
            }))
        .hasMessage("initdb failed");
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void filesOfAnotherFormAreNotTouched() throws Exception {
    Files.createDirectories(cache.resolve("global"));
    Files.createDirectories(cache.resolve("pg_wal"));
    Path control = Files.write(cache.resolve("global/pg_control"), new byte[8192]);
    Files.write(cache.resolve("pg_wal/000000010000000000000001"), new byte[64]);
    byte[] before = Files.readAllBytes(control);
    before[0] = 1;
    Files.write(control, before);
    assertThatThrownBy(() -> ClusterTemplate.renew(cache))
        .hasMessageContaining("not as PostgreSQL 18 writes them");
    assertThat(Files.readAllBytes(control)).isEqualTo(before);
  }
}
