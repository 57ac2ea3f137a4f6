package dev.signalbox.engine.timing;

import dev.signalbox.support.Await;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PollerTest {
  private final AtomicInteger looks = new AtomicInteger();
  private final AtomicReference<Thread> thread = new AtomicReference<>();

  private boolean ended() {
    Thread its = thread.get();
    return its != null && !its.isAlive();
  }

  private void look() {
    thread.set(Thread.currentThread());
    looks.incrementAndGet();
  }

  @Test
  void itLooksAgainUntilItIsClosed() throws Exception {
    try (Poller _ = new Poller("test", Duration.ofMillis(1), this::look)) {
      Await.until("it looked again", () -> looks.get() > 2);
    }
    Await.until("its thread has ended", this::ended);
  }

  @Test
  void aLongPauseDoesNotKeepItsThread() throws Exception {
    try (Poller _ = new Poller("test", Duration.ofDays(1), this::look)) {
      Await.until("it looked", () -> looks.get() == 1);
    }
    Await.until("its thread has ended", this::ended);
  }

  @Test
  void aLookThatHangsIsInterrupted() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    Poller.Look hangs =
        () -> {
          look();
          never.await();
        };
    try (Poller _ = new Poller("test", Duration.ofMillis(1), hangs)) {
      Await.until("it looks", () -> looks.get() == 1);
    }
    Await.until("its thread has ended", this::ended);
  }
}
