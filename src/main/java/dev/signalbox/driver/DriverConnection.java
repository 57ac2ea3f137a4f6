package dev.signalbox.driver;

import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One command at the driver. Two threads of its own, one that reads and one that writes: a command
/// that does not read makes nobody wait but its own writer.
final class DriverConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DriverConnection.class);
  private static final int PAGE = 500;
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final Wire wire;
  private final Engine engine;
  private final Consumer<DriverConnection> ended;
  private final Queue<Line.Answer> answers = new ConcurrentLinkedQueue<>();
  private final Semaphore news = new Semaphore(0);
  private final Thread writer;
  private volatile boolean closing;

  /// Touched by the writer alone.
  private long sentEvent;

  private long sentState;

  /// @param ended told once, when nobody speaks any more
  DriverConnection(Wire wire, Engine engine, Consumer<DriverConnection> ended) {
    this.wire = wire;
    this.engine = engine;
    this.ended = ended;
    this.writer = Thread.ofVirtual().name("signalbox driver writes").unstarted(this::write);
  }

  void start() {
    writer.start();
    Thread.ofVirtual().name("signalbox driver reads").start(this::read);
  }

  private void read() {
    try {
      for (Line line = wire.read(); line != null; line = wire.read()) {
        if (!(line instanceof Line.Order order)) {
          throw new IOException("a command may only give orders");
        }
        // It goes on whether or not its command stays to hear the end.
        var _ =
            engine
                .submit(order.command())
                .thenAccept(outcome -> {
                  answers.add(new Line.Answer(order.id(), outcome));
                  news.release();
                });
      }
    } catch (IOException e) {
      LOG.debug("a command's connection broke", e);
    } finally {
      closing = true;
      news.release();
    }
  }

  private void write() {
    try (wire;
        Engine.Subscription _ = engine.observe(_ -> news.release())) {
      wire.write(new Line.Hello(Wire.version()));
      EngineSnapshot first = engine.snapshot();
      sentEvent = first.lastEvent();
      sendState(first);
      while (!closing || !answers.isEmpty()) {
        news.acquire();
        news.drainPermits();
        Line.Answer answer = answers.poll();
        while (answer != null) {
          // The state that it led to is known by now, and is told before.
          sendNews();
          wire.write(answer);
          answer = answers.poll();
        }
        sendNews();
      }
    } catch (IOException e) {
      LOG.debug("a command no longer listens", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      ended.accept(this);
    }
  }

  private void sendNews() throws IOException {
    EngineSnapshot now = engine.snapshot();
    while (true) {
      var page = engine.events(sentEvent, PAGE);
      for (EngineEvent event : page) {
        wire.write(new Line.Event(event));
        sentEvent = event.sequence();
      }
      if (page.size() < PAGE) {
        break;
      }
    }
    if (now.version() > sentState) {
      sendState(now);
    }
  }

  private void sendState(EngineSnapshot snapshot) throws IOException {
    wire.write(Wire.state(snapshot));
    sentState = snapshot.version();
  }

  /// Lets the answers go that are there.
  @Override
  public void close() {
    closing = true;
    news.release();
    try {
      if (!writer.join(LAST_WORDS)) {
        writer.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    wire.close();
  }
}
