package dev.signalbox.demo.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresBinariesTest {
  @TempDir Path cache;

  @Test
  void unpacksOnceForManyAtTheSameTime() throws Exception {
    Callable<Path> unpack = () -> PostgresBinaries.folder(cache);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : threads.invokeAll(List.of(unpack, unpack))) {
        assertThat(result.get().resolve("bin/postgres")).isExecutable();
        assertThat(result.get().resolve("share")).isDirectory();
      }
    }
    try (var left = Files.list(cache)) {
      assertThat(left).hasSize(1);
    }
  }
}
