package dev.signalbox.engine.database.sync;

import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Measures how long a channel takes: writes the marker on one server, looks for it on the other.
/// Both ends are timed by this process, so the servers' clocks do not matter.
///
/// Writes only while this console drives (epoch above 0) and the channel exists. Its thread is its
/// own, a virtual one: a server that hangs holds up nothing else.
public final class Heartbeat implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final Channel channel;
  private final PostgresServer sender;
  private final PostgresServer receiver;
  private final Duration every;
  private final LongSupplier epoch;
  private final BooleanSupplier wanted;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;
  private volatile @Nullable Reading reading;
  private volatile long waitingSince;

  /// The epoch with which this console was refused; it writes no more until it has a newer one.
  private volatile long deposed;

  /// @param epoch 0 while this console does not drive
  /// @param wanted whether the channel exists on both servers
  public Heartbeat(
      Channel channel,
      PostgresServer sender,
      PostgresServer receiver,
      Duration every,
      LongSupplier epoch,
      BooleanSupplier wanted) {
    this.channel = channel;
    this.sender = sender;
    this.receiver = receiver;
    this.every = every;
    this.epoch = epoch;
    this.wanted = wanted;
  }

  public void start() {
    thread = Thread.ofVirtual().name("heartbeat " + channel).start(this::run);
  }

  /// How far the other side is behind. While a marker is on its way, at least its time so far. Null
  /// when nothing was measured lately.
  public @Nullable Duration lag() {
    Reading last = reading;
    long since = waitingSince;
    long now = System.nanoTime();
    if (since != 0) {
      long soFar = now - since;
      return Duration.ofNanos(last == null ? soFar : Math.max(soFar, last.nanos));
    }
    if (last == null || now - last.at > every.toNanos() * 3 + TIMEOUT.toNanos() * 3) {
      return null;
    }
    return Duration.ofNanos(last.nanos);
  }

  private void run() {
    PostgresSession write = null;
    PostgresSession read = null;
    while (!closed) {
      long driving = epoch.getAsLong();
      if (driving > 0 && driving != deposed && wanted.getAsBoolean()) {
        try {
          if (write == null || write.closed()) {
            write = PostgresSession.open(sender, "heartbeat", TIMEOUT);
          }
          if (read == null || read.closed()) {
            read = PostgresSession.open(receiver, "heartbeat", TIMEOUT);
          }
          measure(write, read, driving);
        } catch (SQLException | RuntimeException e) {
          if (e instanceof SQLException sql && SqlState.DEPOSED.equals(sql.getSQLState())) {
            deposed = driving;
          }
          LOG.debug("heartbeat {}: {}", channel, e.getMessage());
          // A server that is gone leaves the wait standing: the lag grows on.
          write = drop(write);
          read = drop(read);
        }
      } else {
        waitingSince = 0;
        reading = null;
      }
      LockSupport.parkNanos(every.toNanos());
    }
    drop(write);
    drop(read);
  }

  private void measure(PostgresSession write, PostgresSession read, long driving)
      throws SQLException {
    long before = System.nanoTime();
    if (waitingSince == 0) {
      waitingSince = before;
    }
    long written = write.ask(h -> Marker.beat(h, driving, channel.from()));
    if (written == 0) {
      waitingSince = 0;
      return;
    }
    long committed = System.nanoTime();
    long pause = 500_000;
    while (!closed && read.ask(h -> Marker.seen(h, channel.from())) < written) {
      if (!wanted.getAsBoolean()) {
        waitingSince = 0;
        return;
      }
      LockSupport.parkNanos(pause);
      pause = Math.min(pause * 2, 20_000_000);
    }
    long now = System.nanoTime();
    reading = new Reading(now, now - committed);
    waitingSince = 0;
  }

  private static @Nullable PostgresSession drop(@Nullable PostgresSession session) {
    if (session != null) {
      session.abandon();
    }
    return null;
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }

  private record Reading(long at, long nanos) {}
}
