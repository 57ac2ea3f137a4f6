package dev.signalbox.engine.application;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// Requests at a constant rate, however long the answers take; half of them writes with ids of
/// their own. No request is tried twice.
public final class OpenLoop implements AutoCloseable {
  public final AtomicLong sent = new AtomicLong();
  public final AtomicLong longestNanos = new AtomicLong();
  public final Queue<String> failures = new ConcurrentLinkedQueue<>();
  public final Queue<String> written = new ConcurrentLinkedQueue<>();

  private final URI address;
  private final AtomicBoolean running = new AtomicBoolean(true);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .executor(Executors.newVirtualThreadPerTaskExecutor())
          .build();

  public OpenLoop(URI address, int perSecond) {
    this.address = address;
    Thread.ofVirtual().start(() -> loop(1_000_000_000L / perSecond));
  }

  private void loop(long gap) {
    long next = System.nanoTime();
    for (int i = 0; running.get(); i++) {
      LockSupport.parkNanos(next - System.nanoTime());
      if (System.nanoTime() < next) {
        continue;
      }
      long intended = next;
      int number = i;
      sent.incrementAndGet();
      threads.execute(() -> one(number, intended));
      next += gap;
    }
    stopped.countDown();
  }

  private void one(int number, long intended) {
    boolean write = number % 2 == 0;
    String id = "write-" + number;
    HttpRequest request =
        write
            ? HttpRequest.newBuilder(address.resolve("/api/write"))
                .timeout(Duration.ofSeconds(20))
                .POST(HttpRequest.BodyPublishers.ofString(id))
                .build()
            : HttpRequest.newBuilder(address.resolve("/api/health"))
                .timeout(Duration.ofSeconds(20))
                .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != (write ? 201 : 200)) {
        failures.add(request.uri() + " → " + response.statusCode() + " " + response.body());
      } else if (write) {
        written.add(id);
      }
    } catch (Exception e) {
      StringWriter trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      failures.add(request.uri() + " → " + trace);
    }
    longestNanos.accumulateAndGet(System.nanoTime() - intended, Math::max);
  }

  public long takeLongestNanos() {
    return longestNanos.getAndSet(0);
  }

  /// Ends the load and waits for the last answers.
  public List<String> stop() throws InterruptedException {
    running.set(false);
    stopped.await();
    threads.close();
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    running.set(false);
    http.shutdownNow();
    threads.shutdownNow();
  }
}
