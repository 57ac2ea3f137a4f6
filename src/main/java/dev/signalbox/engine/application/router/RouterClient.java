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
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Drives the entry through its control interface. Thread-safe. Every call ends within [#TIMEOUT],
/// holds within their drain time more, and none is repeated by itself.
///
/// All commands throw [DeposedException] when the entry has obeyed a higher epoch,
/// [RouterRefusedException] when it says no for another reason, and [IOException] when it is not
/// known whether it obeyed: look at [#state] then.
public final class RouterClient implements AutoCloseable {
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

  public RouterClient(URI control, SecretSource token) {
    this.control = control;
    this.token = token;
  }

  public RouterState state() throws IOException, InterruptedException {
    return RouterState.of(send("/state", null, TIMEOUT));
  }

  /// Makes `epoch` durable, prepares the route to `to`, and warms that stack up with `warm`
  /// requests at once; what a switch would otherwise wait for.
  public RouterState announce(long epoch, Colour to, int warm)
      throws IOException, InterruptedException {
    ObjectNode body = command(epoch).put("to", to.id()).put("warm", warm);
    return RouterState.of(send("/announce", body, TIMEOUT.plus(TIMEOUT)));
  }

  /// Lets requests wait from now on, and returns when those in flight are answered, at the latest
  /// after `drain`; [RouterState#inFlight] tells what is still left.
  ///
  /// @param longest after which the hold ends by itself; 1 ms to 60 s
  public RouterState hold(long epoch, Duration longest, Duration drain)
      throws IOException, InterruptedException {
    ObjectNode body =
        command(epoch).put("maxMillis", longest.toMillis()).put("drainMillis", drain.toMillis());
    return RouterState.of(send("/hold", body, TIMEOUT.plus(drain)));
  }

  /// Sends requests to `to` from now on.
  ///
  /// @param ifGeneration refused when the entry is at another one: a late command finds no victim
  /// @param release whether a hold ends with it
  public RouterState route(long epoch, Colour to, long ifGeneration, boolean release)
      throws IOException, InterruptedException {
    ObjectNode body =
        command(epoch).put("to", to.id()).put("ifGeneration", ifGeneration).put("release", release);
    return RouterState.of(send("/route", body, TIMEOUT));
  }

  /// Ends a hold; requests go where they went before.
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
