package dev.signalbox.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Waits until addresses answer.
final class DemoProbe {
  private DemoProbe() {}

  /// @param ended whether waiting has lost its point
  /// @throws IOException with the last answer, when one does not answer 200 in time
  static void await(List<URI> addresses, Duration patience, BooleanSupplier ended)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build()) {
      for (URI address : addresses) {
        String last = "nothing";
        while (!last.isEmpty()) {
          if (ended.getAsBoolean() || System.nanoTime() > end) {
            throw new IOException(address + " did not answer in time: " + last);
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
