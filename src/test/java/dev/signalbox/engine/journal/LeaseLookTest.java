package dev.signalbox.engine.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.LeaseView;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Who was not heard of yet is not silent.
@Timeout(60)
class LeaseLookTest {
  private final CountDownLatch asked = new CountDownLatch(1);

  /// The first question to it takes as long as the test wants, and then fails.
  private final class Slow extends Prompt {
    Slow() {
      super("green");
    }

    @Override
    public Ballot look() throws Exception {
      asked.await();
      throw new IOException("no answer");
    }
  }

  private static class Prompt implements Voter {
    private final String name;

    Prompt(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean suspect() {
      return false;
    }

    @Override
    public Ballot look() throws Exception {
      return new Ballot(3, "", "", Instant.EPOCH, false, Set.of());
    }

    @Override
    public boolean take(Holder holder, long epoch, boolean force, Set<String> closed) {
      return false;
    }

    @Override
    public Renewal renew(Holder holder, long epoch, Set<String> closed) {
      return Renewal.DEPOSED;
    }

    @Override
    public void release(Holder holder, long epoch) {}

    @Override
    public boolean isDatabase() {
      return true;
    }

    @Override
    public boolean takesConnections() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void whoWasNotHeardOfYetIsNotSilent() throws Exception {
    try (PostgresLease lease =
        new PostgresLease(
            new LiveTogether(),
            List.of(new Prompt("blue"), new Slow()),
            new Voter.Holder("id", "name", 2_000))) {
      LeaseView early = lease.look();
      assertThat(early.silence()).isEqualTo("green was not asked yet");
      assertThat(early.silent()).isEmpty();
      assertThat(early.majority()).isFalse();
      assertThat(early.nobodyCan()).isFalse();
      assertThat(early.asked()).isFalse();
      asked.countDown();
      Await.until("it has failed", () -> lease.look().silence().equals("green does not answer"));
      assertThat(lease.look().nobodyCan()).isTrue();
    }
  }
}
