package dev.signalbox.engine.application.traffic;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Main class of the entry's process: `EntryServer --config <file>` with a file as [EntryConfig]
/// describes it.
///
/// When it listens, it prints one line, and writes the same to the ready file:
/// `{"type":"entry","port":…,"controlPort":…,"pid":…}`. Exit codes: 0 stopped by a signal, 1 could
/// not start (the sentence is on standard error), 2 wrong arguments.
public final class EntryServer {
  private static final Logger LOG = LoggerFactory.getLogger(EntryServer.class);

  private EntryServer() {}

  public static void main(String[] arguments) {
    if (arguments.length != 2 || !arguments[0].equals("--config")) {
      System.err.println("usage: EntryServer --config <file>");
      System.exit(2);
      return;
    }
    try {
      start(EntryConfig.read(Path.of(arguments[1])));
    } catch (Exception e) {
      System.err.println("The entry could not start: " + e.getMessage());
      System.exit(1);
    }
  }

  private static void start(EntryConfig config) throws Exception {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    Entry entry = new Entry(vertx, config);
    Entry.Ports ports =
        io.vertx.core.Future.<Entry.Ports>future(
                promise -> vertx.runOnContext(start -> entry.listen().onComplete(promise)))
            .await(10, TimeUnit.SECONDS);
    String line =
        Answers.JSON
            .createObjectNode()
            .put("type", "entry")
            .put("port", ports.port())
            .put("controlPort", ports.controlPort())
            .put("pid", ProcessHandle.current().pid())
            .toString();
    publish(config.readyFile(), line);
    System.out.println(line);
    LOG.info("Listening on {}:{}", config.host(), ports.port());
  }

  private static void publish(Path file, String line) throws IOException {
    Path candidate = file.resolveSibling(file.getFileName() + ".next");
    Files.writeString(candidate, line + "\n");
    Files.move(
        candidate, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
