package dev.signalbox.demo.app;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP side of a demo process: loopback only, says on every answer which stack and version
/// gave it, and ends in good order: requests under way are answered first. Thread-safe.
final class Service implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);
  private static final long DRAIN_SECONDS = 10;
  static final int REHEARSALS = 250;
  private static final int TOGETHER = 4;

  private final Options options;
  private final Vertx vertx;
  private final HttpServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  /// Does not listen yet.
  Service(Options options, Handler<HttpServerRequest> handler) {
    this.options = options;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // It would make a folder in /tmp.
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setAcceptBacklog(1024))
            .requestHandler(request -> {
              request
                  .response()
                  .putHeader("X-Signalbox-Stack", options.stack().id())
                  .putHeader("X-Signalbox-Version", options.version());
              handler.handle(request);
            });
  }

  /// @throws IOException when the port is taken
  int listen() throws IOException {
    try {
      return server.listen(options.port(), "127.0.0.1").await(60, TimeUnit.SECONDS).actualPort();
    } catch (TimeoutException e) {
      throw new IOException("The service could not listen within 60 s.", e);
    } catch (Exception e) {
      throw new IOException(
          "Port " + options.port() + " on 127.0.0.1 cannot be used: " + e.getMessage(), e);
    }
  }

  /// Asks itself, in the background, what customers will ask: the first requests of a process that
  /// has just started are slow. Any answer will do; that none comes is logged.
  ///
  /// @return how many answers came
  Future<Integer> rehearse(List<Rehearsal> rehearsals) {
    HttpClient client =
        vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(TOGETHER).setMaxWaitQueueSize(-1));
    List<Future<Buffer>> answers = new ArrayList<>();
    for (Rehearsal rehearsal : rehearsals) {
      for (int n = 0; n < REHEARSALS; n++) {
        answers.add(
            client
                .request(rehearsal.method(), server.actualPort(), "127.0.0.1", rehearsal.path())
                .compose(request -> request.send(rehearsal.body()))
                .compose(HttpClientResponse::body));
      }
    }
    return Future.join(answers)
        .onFailure(e -> {
          if (!closed.get()) {
            LOG.warn("The service could not warm up: {}", e.toString());
          }
        })
        .transform(all ->
            // The client is closed when nobody refers to it any more: this does, until the end.
            client.close().map(done -> (int) answers.stream().filter(Future::succeeded).count()));
  }

  /// A request of a kind that customers make, and that changes nothing.
  record Rehearsal(HttpMethod method, String path, String body) {}

  /// Answers requests under way, at most 10 s, then ends. Closing twice is harmless.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      server.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS).await(DRAIN_SECONDS + 1, TimeUnit.SECONDS);
      vertx.close().await(2, TimeUnit.SECONDS);
    } catch (Exception e) {
      LOG.warn("The server did not end in good order: {}", e.toString());
    }
  }

  /// Runs a process's life: `start` gives what has to be closed at its end, which SIGTERM brings,
  /// or with [Options#exitWithStdin] the end of standard input.
  static void run(String[] arguments, Main main) {
    try {
      Options options = Options.parse(arguments);
      AutoCloseable service = main.start(options);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                try {
                  service.close();
                } catch (Exception e) {
                  LOG.warn("Ending: {}", e.toString());
                }
              }));
      if (options.exitWithStdin()) {
        Thread.ofPlatform().name("stdin").daemon().start(Service::exitWithStdin);
      }
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    } catch (IOException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void exitWithStdin() {
    try {
      System.in.transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      LOG.warn("Standard input: {}", e.toString());
    }
    System.exit(0);
  }

  interface Main {
    AutoCloseable start(Options options) throws IOException;
  }
}
