package dev.signalbox.engine.application.router;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.release.DeposedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The embedded entry, through its control interface. Every call ends within [#TIMEOUT], holds
/// within their drain time more.
public final class EntryRouter implements Router {
  public static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI control;
  private final SecretSource token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofMillis(500))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  public EntryRouter(URI control, SecretSource token) {
    this.control = control;
    this.token = token;
  }

  @Override
  public String kind() {
    return "embedded";
  }

  @Override
  public Set<Can> can() {
    return EnumSet.allOf(Can.class);
  }

  @Override
  public RouterState state() throws IOException, InterruptedException {
    return RouterState.of(send("/state", null, TIMEOUT));
  }

  @Override
  public RouterState announce(long epoch, Colour to, int warm)
      throws IOException, InterruptedException {
    ObjectNode body = command(epoch).put("to", to.id()).put("warm", warm);
    return RouterState.of(send("/announce", body, TIMEOUT.plus(TIMEOUT)));
  }

  @Override
  public RouterState hold(long epoch, Duration longest, Duration drain)
      throws IOException, InterruptedException {
    ObjectNode body =
        command(epoch).put("maxMillis", longest.toMillis()).put("drainMillis", drain.toMillis());
    return RouterState.of(send("/hold", body, TIMEOUT.plus(drain)));
  }

  @Override
  public RouterState route(long epoch, Colour to, long ifGeneration, boolean release)
      throws IOException, InterruptedException {
    ObjectNode body =
        command(epoch).put("to", to.id()).put("ifGeneration", ifGeneration).put("release", release);
    return RouterState.of(send("/route", body, TIMEOUT));
  }

  @Override
  public RouterState release(long epoch) throws IOException, InterruptedException {
    return RouterState.of(send("/release", command(epoch), TIMEOUT));
  }

  private static ObjectNode command(long epoch) {
    return JSON.createObjectNode().put("epoch", epoch);
  }

  /// @param body of a POST; null for a GET
  JsonNode send(String path, @Nullable ObjectNode body, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(control.resolve(path))
            .timeout(timeout)
            .header("Authorization", "Bearer " + token.read());
    if (body != null) {
      request.POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    }
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException(
          "The entry's control interface at "
              + control
              + " does not answer ("
              + describe(e)
              + "). Check that the entry runs.",
          e);
    }
    JsonNode node = parse(response.body());
    if (response.statusCode() == 200) {
      return node;
    }
    String sentence = node.path("error").asString("It answered " + response.statusCode() + ".");
    if (response.statusCode() == 409 && node.path("deposed").booleanValue(false)) {
      throw new DeposedException("The entry refused: " + sentence);
    }
    throw new RouterRefusedException("The entry at " + control + " refused: " + sentence);
  }

  private JsonNode parse(String body) throws IOException {
    try {
      return JSON.readTree(body);
    } catch (JacksonException e) {
      throw new IOException("What answers at " + control + " is not the entry of Signalbox.", e);
    }
  }

  private static String describe(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
