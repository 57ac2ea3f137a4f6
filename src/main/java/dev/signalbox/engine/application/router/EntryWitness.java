package dev.signalbox.engine.application.router;

import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.release.Witness;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The entry as the witness of who drives, through its control interface. An entry of an earlier
/// version, which knows no lease, counts as one that does not answer.
public final class EntryWitness implements Witness {
  private static final Logger LOG = LoggerFactory.getLogger(EntryWitness.class);
  private static final Duration TIMEOUT = Duration.ofMillis(800);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI control;
  private final EntryRouter client;

  public EntryWitness(URI control, SecretSource token) {
    this.control = control;
    this.client = new EntryRouter(control, token);
  }

  @Override
  public String name() {
    return "the entry";
  }

  @Override
  public Claim look() throws IOException, InterruptedException {
    return ask("/lease", null);
  }

  @Override
  public Claim claim(long epoch, String holder, String name, Duration ttl, boolean force)
      throws IOException, InterruptedException {
    return ask("/lease/claim", body(epoch, holder, name, ttl).put("force", force));
  }

  @Override
  public Claim renew(long epoch, String holder, String name, Duration ttl)
      throws IOException, InterruptedException {
    return ask("/lease/renew", body(epoch, holder, name, ttl));
  }

  @Override
  public void release(long epoch, String holder) throws IOException, InterruptedException {
    var _ = ask("/lease/release", body(epoch, holder, "", Duration.ofMillis(1)));
  }

  private static ObjectNode body(long epoch, String holder, String name, Duration ttl) {
    return JSON.createObjectNode()
        .put("epoch", epoch)
        .put("holder", holder)
        .put("name", name)
        .put("ttlMillis", ttl.toMillis());
  }

  private Claim ask(String path, @Nullable ObjectNode body)
      throws IOException, InterruptedException {
    JsonNode answer = client.send(path, body, TIMEOUT);
    return new Claim(
        answer.path("granted").booleanValue(false),
        answer.path("epoch").longValue(),
        answer.path("holder").asString(""),
        answer.path("name").asString(""),
        Duration.ofMillis(answer.path("leftMillis").longValue()));
  }

  @Override
  public boolean takesConnections() {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(control.getHost(), control.getPort()), 1_000);
      return true;
    } catch (IOException e) {
      LOG.debug("nothing takes connections at {}", control, e);
      return false;
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
