package dev.signalbox.support;

import dev.signalbox.demo.postgres.EmbeddedPostgres;
import dev.signalbox.demo.postgres.Folders;
import dev.signalbox.engine.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// The two servers that the tests of one JVM share: started at the first use, both at the same
/// time, and ended with the JVM.
public final class TestServers {
  /// Nobody cuts the power of a test: what a killed process wrote is there without it.
  private static final Map<String, String> SETTINGS = Map.of("fsync", "off");

  private static @Nullable Map<Colour, EmbeddedPostgres> servers;

  private TestServers() {}

  /// Starts both at the first call (about two seconds).
  public static synchronized EmbeddedPostgres get(Colour colour) {
    if (servers == null) {
      servers = start();
    }
    return java.util.Objects.requireNonNull(servers.get(colour));
  }

  private static Map<Colour, EmbeddedPostgres> start() {
    try {
      Path folder = Files.createTempDirectory("signalbox-test-");
      Map<Colour, EmbeddedPostgres> pair = new EnumMap<>(Colour.class);
      for (Colour colour : Colour.values()) {
        pair.put(colour, new EmbeddedPostgres(folder, colour.id(), SETTINGS));
      }
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(folder, pair)));
      CompletableFuture.allOf(
              pair.values().stream()
                  .map(server -> CompletableFuture.runAsync(() -> start(server)))
                  .toArray(CompletableFuture[]::new))
          .join();
      return pair;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void start(EmbeddedPostgres server) {
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompletionException(e);
    }
  }

  private static void end(Path folder, Map<Colour, EmbeddedPostgres> pair) {
    try {
      for (EmbeddedPostgres server : pair.values()) {
        server.close();
      }
      Folders.delete(folder);
    } catch (IOException e) {
      System.err.println("The test servers in " + folder + " could not be removed: " + e);
    }
  }
}
