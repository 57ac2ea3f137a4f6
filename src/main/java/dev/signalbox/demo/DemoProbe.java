package dev.signalbox.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;

/// Waits until addresses answer.
final class DemoProbe {
  private DemoProbe() {}

  /// Whether waiting has a point.
  interface Hope {
    /// @throws IOException with the reason why it has none
    void check() throws IOException;
  }

  /// @throws TimeoutException with the last answer, when one does not answer 200 in time
  static void await(List<URI> addresses, Duration patience, Hope hope)
      throws IOException, InterruptedException, TimeoutException {
    long end = System.nanoTime() + patience.toNanos();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build()) {
      for (URI address : addresses) {
        String last = "nothing";
        while (!last.isEmpty()) {
          hope.check();
          if (System.nanoTime() > end) {
            throw new TimeoutException(
                "%s did not answer within %d s: %s".formatted(address, patience.toSeconds(), last));
          }
          last = ask(client, address);
        }
      }
    }
  }

  /// @return empty for 200, else what came instead
  private static String ask(HttpClient client, URI address) throws InterruptedException {
    try {
      var answer =
          client.send(
              HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(2)).build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() == 200) {
        return "";
      }
      Thread.sleep(20);
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      Thread.sleep(20);
      return e.toString();
    }
  }
}
