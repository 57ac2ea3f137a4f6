package dev.signalbox.entry;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.application.router.EntryRouter;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.support.Await;
import dev.signalbox.support.ChildJvm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The real entry, in a process of its own as in production.
public final class EntryProcess implements AutoCloseable {
  public static final String TOKEN = "0123456789abcdef0123456789abcdef";

  private final Path folder;
  private final TestStack blue;
  private final TestStack green;
  private EntryConfig.Limits limits;
  private Process process;
  private int port;
  private int controlPort;

  public EntryProcess(Path folder, TestStack blue, TestStack green, EntryConfig.Limits limits)
      throws Exception {
    this.folder = folder;
    this.blue = blue;
    this.green = green;
    this.limits = limits;
    Files.writeString(tokenFile(), TOKEN + "\n");
    this.process = start();
  }

  public EntryProcess(Path folder, TestStack blue, TestStack green) throws Exception {
    this(folder, blue, green, EntryConfig.Limits.defaults());
  }

  public Path tokenFile() {
    return folder.resolve("token");
  }

  public Path stateFile() {
    return folder.resolve("entry-state.json");
  }

  private Process start() throws Exception {
    EntryConfig config =
        new EntryConfig(
            "127.0.0.1",
            port,
            controlPort,
            tokenFile(),
            stateFile(),
            folder.resolve("entry-ready.json"),
            Colour.BLUE,
            Map.of(
                Colour.BLUE, new EntryConfig.Upstream(blue.address(), blue.address()),
                Colour.GREEN, new EntryConfig.Upstream(green.address(), green.address())),
            limits);
    Path file = folder.resolve("entry.json");
    Files.writeString(file, config.toJson());
    Process started = launch(file, folder.resolve("log"));
    Path ready = folder.resolve("entry-ready.json");
    boolean settled = false;
    try {
      Await.until("the entry listens", () -> !started.isAlive() || ready(ready, started.pid()));
      settled = true;
    } finally {
      if (!settled) {
        started.destroyForcibly();
      }
    }
    if (!started.isAlive()) {
      throw new IOException("The entry did not start:\n" + Files.readString(folder.resolve("log")));
    }
    return started;
  }

  /// @param log what it says is appended there
  static Process launch(Path config, Path log) throws IOException {
    List<String> words = ChildJvm.command(EntryServer.class);
    words.addAll(List.of("--config", config.toString()));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }

  private boolean ready(Path file, long pid) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    JsonNode line = JsonMapper.builder().build().readTree(Files.readString(file));
    port = line.required("port").intValue();
    controlPort = line.required("controlPort").intValue();
    return line.required("pid").longValue() == pid;
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public URI control() {
    return URI.create("http://127.0.0.1:" + controlPort);
  }

  public EntryRouter client() {
    return new EntryRouter(control(), new SecretSource.InFile(tokenFile()));
  }

  public String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  /// SIGKILL.
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /// On the same ports, with so many connections to a stack.
  public void restartWith(int upstreamConnections) throws Exception {
    EntryConfig.Limits d = EntryConfig.Limits.defaults();
    kill();
    limits =
        new EntryConfig.Limits(
            d.connections(),
            upstreamConnections,
            d.heldRequests(),
            d.heldBytes(),
            d.headerBytes(),
            d.bodyBytes(),
            d.headerMillis(),
            d.idleMillis(),
            d.bodyMillis(),
            d.answerMillis());
    restart();
  }

  /// On the same ports.
  public void restart() throws Exception {
    process = start();
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().completeOnTimeout(process, 5, TimeUnit.SECONDS).join();
    kill();
  }
}
