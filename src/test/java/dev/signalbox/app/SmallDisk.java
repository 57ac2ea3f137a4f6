package dev.signalbox.app;

import dev.signalbox.support.Await;
import dev.signalbox.support.RealComponent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/// A folder on a file system of its own that can be filled up. Only root may mount one: where that
/// is not allowed, the folder lies on the usual disk, and [#fill] does nothing.
final class SmallDisk implements AutoCloseable {
  private static final int MEGABYTES = 700;

  private final Path folder;
  private volatile boolean mounted;

  /// @param folder that exists and is empty
  SmallDisk(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    // Mode 711: a database server that drops its rights reaches its own folder below.
    this.mounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + MEGABYTES + "m,mode=711", "none", folder);
    // Also when the test's own process is ended from outside.
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::unmountWhenEmpty));
    if (!mounted && RealComponent.required()) {
      throw new IOException(
          "A file system of limited size cannot be mounted, and SIGNALBOX_REQUIRE_REAL=true forbids"
              + " to do without a full disk");
    }
  }

  private static boolean run(Object... words) throws IOException, InterruptedException {
    return new ProcessBuilder(List.of(words).stream().map(Object::toString).toList())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor()
        == 0;
  }

  /// Takes all the room that is left.
  ///
  /// @return false when there is nothing to fill
  boolean fill() throws IOException {
    if (!mounted) {
      return false;
    }
    try (FileChannel file =
        FileChannel.open(ballast(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer block = ByteBuffer.allocateDirect(1 << 16);
      while (folder.toFile().getUsableSpace() > 0) {
        file.write(block.clear());
      }
    } catch (IOException e) {
      if (folder.toFile().getUsableSpace() > 0) {
        throw e;
      }
    }
    return true;
  }

  void free() throws IOException {
    Files.deleteIfExists(ballast());
  }

  private Path ballast() {
    return folder.resolve("ballast");
  }

  /// What lies on it tells others what they have to end: they come first.
  private void unmountWhenEmpty() {
    try {
      Await.until(
          "it is empty",
          () ->
              List.of(Objects.requireNonNullElse(folder.toFile().list(), new String[0])).isEmpty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      unmount();
    }
  }

  /// Also when something still uses it: it is gone with the last user.
  private synchronized void unmount() {
    try {
      if (mounted && run("umount", "-l", folder)) {
        mounted = false;
        Files.deleteIfExists(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws IOException {
    unmount();
    if (mounted) {
      throw new IOException(folder + " could not be unmounted");
    }
    Files.deleteIfExists(folder);
  }
}
