package dev.signalbox.entry;

import dev.signalbox.engine.file.AtomicFile;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Main class of the entry's process: `EntryServer --config <file>` with a file as [EntryConfig]
/// describes it.
///
/// When it listens, it writes its ready file: `{"type":"entry","port":…,"controlPort":…,"pid":…}`.
/// When it cannot start, it ends with code 1 and a sentence on standard error. A signal ends it.
public final class EntryServer {
  private static final Logger LOG = LoggerFactory.getLogger(EntryServer.class);

  private EntryServer() {}

  /// @throws IOException when it cannot start, with a sentence
  public static void main(String[] arguments) throws IOException {
    // Standard error gets the sentence, a log file its trace, too.
    Thread.currentThread()
        .setUncaughtExceptionHandler((main, failure) -> LOG.error(sentence(failure), failure));
    if (arguments.length != 2 || !arguments[0].equals("--config")) {
      throw new IllegalArgumentException("usage: EntryServer --config <file>");
    }
    EntryConfig config = EntryConfig.read(Path.of(arguments[1]));
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
    boolean listening = false;
    try {
      start(vertx, config);
      listening = true;
    } finally {
      // Its threads would keep a process alive that serves nobody.
      if (!listening) {
        vertx.close().await();
      }
    }
  }

  /// The system's own exceptions hold the name of the file and no more.
  private static String sentence(Throwable failure) {
    return failure instanceof FileSystemException file
        ? "The entry cannot use " + file.getFile() + " (" + file.getClass().getSimpleName() + ")."
        : String.valueOf(failure.getMessage());
  }

  private static void start(Vertx vertx, EntryConfig config) throws IOException {
    Entry entry = new Entry(vertx, config);
    Entry.Ports ports;
    try {
      ports =
          Future.<Entry.Ports>future(
                  promise -> vertx.runOnContext(start -> entry.listen().onComplete(promise)))
              .await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("The entry could not listen within 60 s.", e);
    } catch (Exception e) {
      throw new IOException(
          "The entry cannot listen on "
              + config.host()
              + ":"
              + config.port()
              + " and 127.0.0.1:"
              + config.controlPort()
              + ": "
              + e.getMessage(),
          e);
    }
    String line =
        Answers.JSON
            .createObjectNode()
            .put("type", "entry")
            .put("port", ports.port())
            .put("controlPort", ports.controlPort())
            .put("pid", ProcessHandle.current().pid())
            .toString();
    new AtomicFile(config.readyFile()).write(line + "\n");
    LOG.info("Listening on {}:{}", config.host(), ports.port());
  }
}
