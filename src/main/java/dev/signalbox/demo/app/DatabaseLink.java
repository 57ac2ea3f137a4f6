package dev.signalbox.demo.app;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The backend's way to its database: watches the file, and when the console names another database
/// connects there, and only after that database has answered lets new requests use it. Running ones
/// finish where they began.
///
/// One thread of its own watches; [#with] may be called from any thread.
final class DatabaseLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseLink.class);

  /// A file system may lose a notice: look this often as well.
  private static final long LOOK_MILLIS = 200;

  private final Path file;
  private final String stack;
  private final Rehearsal rehearsal;
  private final Thread watcher;
  private volatile @Nullable Target current;
  private volatile String problem;
  private volatile Runnable afterwards = () -> {};

  /// Connects to nothing yet.
  ///
  /// @param rehearsal done with each new database before requests use it
  DatabaseLink(Path file, String stack, Rehearsal rehearsal) {
    this.rehearsal = rehearsal;
    this.file = file;
    this.stack = stack;
    this.problem = "The database file " + file + " has not been read yet.";
    this.watcher = Thread.ofPlatform().name("database-file").daemon().unstarted(this::watch);
  }

  /// @param afterwards done on the watching thread once requests may use the first database
  void start(Runnable afterwards) {
    this.afterwards = afterwards;
    watcher.start();
  }

  /// Which database is used: the file that named it, and its connections.
  record Target(DatabaseFileReader file, Pool pool) {}

  /// Runs work on the database in use.
  ///
  /// @throws SQLException also when there is none yet
  <T> T with(Work<T> work) throws SQLException {
    while (true) {
      Target target = current;
      if (target == null) {
        throw new SQLException(problem, "08001");
      }
      try {
        return target.pool().with(connection -> work.on(target, connection));
      } catch (Pool.RetiredException e) {
        // Another database has just taken its place: this request begins there.
        Thread.onSpinWait();
      }
    }
  }

  /// Warms the connections in use up once more, one caller after the other: since they were made,
  /// tables have been filled and indexed, and what they knew of them is out of date.
  ///
  /// @throws SQLException also when there is no database yet
  synchronized void rehearse(Rehearsal again) throws SQLException {
    Target target = current;
    if (target == null) {
      throw new SQLException(problem, "08001");
    }
    again.on(target);
  }

  /// Why the newest file is not in use; empty when it is.
  String problem() {
    return problem;
  }

  private void watch() {
    try (WatchService watch = FileSystems.getDefault().newWatchService()) {
      Objects.requireNonNull(file.getParent(), "The file is absolute")
          .register(
              watch, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      while (!Thread.currentThread().isInterrupted()) {
        look();
        WatchKey key = watch.poll(LOOK_MILLIS, TimeUnit.MILLISECONDS);
        if (key != null) {
          key.pollEvents();
          key.reset();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      problem = "The folder of " + file + " cannot be watched: " + e.getMessage();
      LOG.error(problem, e);
    }
  }

  private void look() {
    try {
      DatabaseFileReader wanted = DatabaseFileReader.read(file);
      Target now = current;
      if (now == null || wanted.isNewerThan(now.file())) {
        change(now, wanted);
      } else if (wanted.epoch() < now.file().epoch()) {
        throw new IOException(
            "The database file is of an older console (epoch %d, newest seen %d): it is ignored."
                .formatted(wanted.epoch(), now.file().epoch()));
      }
      problem = "";
    } catch (IOException | SQLException e) {
      // The old database stays in use; the next look tries again.
      String text = e.getMessage() == null ? e.toString() : e.getMessage();
      if (!text.equals(problem)) {
        LOG.warn("{}", text);
      }
      problem = text;
    }
  }

  private void change(@Nullable Target now, DatabaseFileReader wanted)
      throws IOException, SQLException {
    if (now != null && wanted.sameDatabase(now.file())) {
      current = new Target(wanted, now.pool());
      return;
    }
    Pool pool = Pool.open(wanted, stack);
    Target target = new Target(wanted, pool);
    try {
      rehearsal.on(target);
    } catch (SQLException | RuntimeException e) {
      pool.retire();
      throw e;
    }
    current = target;
    if (now == null) {
      afterwards.run();
    }
    LOG.info("generation {} (epoch {}): {}", wanted.generation(), wanted.epoch(), wanted.colour());
    if (now != null) {
      Thread.ofVirtual().name("retire").start(now.pool()::retire);
    }
  }

  /// Call it when no request runs any more.
  @Override
  public void close() {
    watcher.interrupt();
    Target target = current;
    if (target != null) {
      target.pool().retire();
    }
  }

  /// Warms a new target up before requests use it.
  interface Rehearsal {
    void on(Target target) throws SQLException;
  }

  interface Work<T> {
    T on(Target target, java.sql.Connection connection) throws SQLException;
  }
}
