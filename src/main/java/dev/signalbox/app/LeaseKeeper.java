package dev.signalbox.app;

import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Lease;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Renews a lease until it is closed, then gives it back. A lease that is lost is not fought for:
/// the databases refuse its epoch.
final class LeaseKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);
  private static final Duration INTERVAL = Duration.ofMillis(300);

  private final Lease lease;
  private final long epoch;
  private final Thread thread;

  LeaseKeeper(Lease lease, long epoch) {
    this.lease = lease;
    this.epoch = epoch;
    this.thread = Thread.ofVirtual().name("lease-keeper").start(this::keep);
  }

  long epoch() {
    return epoch;
  }

  private void keep() {
    while (!Thread.interrupted()) {
      try {
        lease.renew(epoch);
        Thread.sleep(INTERVAL);
      } catch (InterruptedException e) {
        return;
      } catch (DeposedException e) {
        LOG.warn("the lease went to another console: {}", e.getMessage());
        return;
      } catch (IllegalStateException e) {
        LOG.warn("the lease was not renewed: {}", e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lease.release(epoch);
  }
}
