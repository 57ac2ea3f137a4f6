package dev.signalbox.engine.http;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Asks an HTTP server one question, with a timeout for all of it. Thread-safe. Follows no redirect
/// and reads at most 64 KiB.
public final class Probe implements AutoCloseable {
  private static final int MOST = 64 << 10;

  private final HttpClient kept;

  public Probe() {
    this.kept =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .followRedirects(HttpClient.Redirect.NEVER)
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
  }

  /// An answer.
  ///
  /// @param stack what its header `X-Signalbox-Stack` says; empty without a valid one
  /// @param version what its header `X-Signalbox-Version` says; empty without
  public record Answer(
      int status, Optional<Colour> stack, String version, String body, Duration latency) {}

  /// On a connection that may be kept.
  public Answer get(URI address, Duration timeout) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address).timeout(timeout).build();
    long start = System.nanoTime();
    HttpResponse<InputStream> response;
    try {
      response = kept.send(request, HttpResponse.BodyHandlers.ofInputStream());
      try (InputStream body = response.body()) {
        // The client's own timeout ends with the headers: a body that drips would be read for ever.
        CompletableFuture<Void> end = closeLater(body, timeout);
        String text = read(body, start + timeout.toNanos());
        end.cancel(false);
        return new Answer(
            response.statusCode(),
            stack(response.headers().firstValue("X-Signalbox-Stack").orElse(null)),
            response.headers().firstValue("X-Signalbox-Version").orElse(""),
            text,
            Duration.ofNanos(System.nanoTime() - start));
      }
    } catch (IOException e) {
      boolean cutOff = System.nanoTime() - start >= timeout.toNanos();
      throw failure(
          address, timeout, cutOff ? new java.net.SocketTimeoutException(e.toString()) : e);
    }
  }

  /// On a connection of its own, closed afterwards: it goes where a new client would go.
  public Answer getFresh(URI address, Duration timeout) throws IOException {
    long start = System.nanoTime();
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    try {
      connection.setRequestProperty("Connection", "close");
      connection.setInstanceFollowRedirects(false);
      connection.setUseCaches(false);
      int millis = (int) Math.max(1, timeout.toMillis());
      connection.setConnectTimeout(millis);
      connection.setReadTimeout(millis);
      int status = connection.getResponseCode();
      @Nullable InputStream stream =
          status < 400 ? connection.getInputStream() : connection.getErrorStream();
      String body = "";
      if (stream != null) {
        try (stream) {
          body = read(stream, start + timeout.toNanos());
        }
      }
      String version = connection.getHeaderField("X-Signalbox-Version");
      return new Answer(
          status,
          stack(connection.getHeaderField("X-Signalbox-Stack")),
          version == null ? "" : version,
          body,
          Duration.ofNanos(System.nanoTime() - start));
    } catch (IOException e) {
      throw failure(address, timeout, e);
    } finally {
      connection.disconnect();
    }
  }

  private static CompletableFuture<Void> closeLater(InputStream body, Duration timeout) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            body.close();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
  }

  private static String read(InputStream stream, long endNanos) throws IOException {
    byte[] bytes = new byte[MOST];
    int length = 0;
    while (length < MOST) {
      int count = stream.read(bytes, length, MOST - length);
      if (count < 0) {
        break;
      }
      length += count;
      if (System.nanoTime() > endNanos) {
        throw new IOException("the answer does not come to an end");
      }
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static Optional<Colour> stack(@Nullable String header) {
    try {
      return header == null ? Optional.empty() : Optional.of(Colour.parse(header));
    } catch (IllegalArgumentException e) {
      // Something else than a stack of ours answers.
      return Optional.empty();
    }
  }

  private static IOException failure(URI address, Duration timeout, IOException e) {
    String why =
        switch (e) {
          case java.net.ConnectException refused -> "nothing listens there";
          case java.net.http.HttpTimeoutException late ->
              "no answer within " + DurationText.words(timeout);
          case java.net.SocketTimeoutException late ->
              "no answer within " + DurationText.words(timeout);
          case IOException other -> String.valueOf(other.getMessage());
        };
    return new IOException(address + ": " + why, e);
  }

  @Override
  public void close() {
    kept.shutdownNow();
  }
}
