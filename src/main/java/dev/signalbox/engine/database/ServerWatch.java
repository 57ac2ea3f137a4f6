package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Blocker;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.DatabaseView.TableSize;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.Lsn;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.pair.Blockers;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.schema.SchemaCarrier;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.Schemas;
import dev.signalbox.engine.timing.Retry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at one server again and again, on a virtual thread and a connection of its own: when the
/// server hangs, only this look hangs, and not for longer than [#ANSWER].
final class ServerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerWatch.class);
  private static final Duration ANSWER = Duration.ofMillis(1200);

  private static final Retry TWICE = Retry.atOnce(2);

  /// So many polls without a look, and what was seen is too old to act on.
  private static final int LOOKS = 3;

  /// What costs more is looked at only at each so-manieth look.
  private static final int RARELY = 10;

  /// And not more often than this, however often is looked.
  private static final Duration SELDOM = Duration.ofSeconds(3);

  /// So few tables that their sizes may be asked for at each look.
  private static final int FEW = 100;

  private static final String ACTIVITY =
      """
      SELECT current_setting('server_version') AS version, pg_current_wal_lsn() AS position,
        pg_database_size(current_database()) AS size,
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS sessions,
        (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
          AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
          AND backend_type = 'client backend') AS transactions,
        (SELECT coalesce((extract(epoch FROM max(clock_timestamp() - xact_start)) * 1e6)::bigint, 0)
          FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
            AND backend_type = 'client backend' AND application_name NOT LIKE 'signalbox %') AS oldest,
        (SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()) AS commits,
        (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS encrypted
      """;

  private static final String SIZES =
      """
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND
      """
          + Schemas.of("n")
          + """
            AND NOT (n.nspname = 'public' AND c.relname = 'schema_version')
          """;

  private static final String LARGEST =
      """
      SELECT ARRAY[n.nspname, c.relname]::text[] AS name,
        coalesce(nullif(pg_stat_get_live_tuples(c.oid), 0), greatest(c.reltuples, 0))::bigint AS rows,
        pg_total_relation_size(c.oid) AS bytes
      """
          + SIZES
          + " ORDER BY bytes DESC, n.nspname, c.relname LIMIT 8";

  private static final String HELD =
      "SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint" + SIZES;

  private final DatabasePair pair;
  private final Sync sync;
  private final Colour colour;
  private final Migrations migrations;
  private final Runnable changed;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Seen seen = Seen.nothing();
  private volatile @Nullable Identity identity;
  private volatile boolean closed;
  private volatile @Nullable Thread thread;
  private @Nullable PostgresSession session;
  private int looks;
  private volatile boolean thoroughly;
  private long lastLook;
  private long lastThorough;

  /// @param changed called after each look, on the watch's thread
  ServerWatch(
      DatabasePair pair, Sync sync, Colour colour, Migrations migrations, Runnable changed) {
    this.pair = pair;
    this.sync = sync;
    this.colour = colour;
    this.migrations = migrations;
    this.changed = changed;
  }

  void start() {
    thread = Thread.ofVirtual().name("watch " + colour).start(this::run);
  }

  /// What was seen, as far as it is fresh: a server that was not seen for [#LOOKS] polls, and the
  /// time that a look may take, does not count as answering.
  Seen seen() {
    Seen last = seen;
    if (!last.reachable()) {
      return last;
    }
    Duration age = Duration.between(last.at(), Instant.now());
    Duration limit = pair.settings().poll().multipliedBy(LOOKS).plus(ANSWER);
    return age.compareTo(limit) <= 0
        ? last
        : last.lost(colour + " was not seen for " + DurationText.words(age));
  }

  /// Which database it is; empty before it first answered.
  Optional<Identity> identity() {
    return Optional.ofNullable(identity);
  }

  private void run() {
    while (!closed) {
      look();
      LockSupport.parkNanos(pair.settings().poll().toNanos());
    }
    looking.lock();
    try {
      drop();
    } finally {
      looking.unlock();
    }
  }

  /// Looks now; returns after twice [#ANSWER] plus the time to connect at the latest. A look that
  /// failed is made again at once, on a new connection: a session that somebody ended, or a moment
  /// in which a busy machine did nothing, is no outage.
  void look() {
    looking.lock();
    try {
      seen = TWICE.call(this::once, this::dropped);
    } catch (InterruptedException e) {
      // Whoever ends the watch: what was seen stays.
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      LOG.debug("look at {}", colour, e);
      drop();
      seen =
          seen.lost(
              colour
                  + " does not answer: "
                  + firstSentence(Objects.requireNonNullElse(e.getMessage(), "no reason")));
    } finally {
      looking.unlock();
    }
    changed.run();
  }

  private boolean dropped(Exception e) {
    LOG.debug("first look at {}", colour, e);
    drop();
    return true;
  }

  private Seen once() throws SQLException {
    PostgresSession open = session;
    if (open == null || open.closed()) {
      open = PostgresSession.open(pair.server(colour), "look", ANSWER);
      session = open;
      identity = open.ask(Identity::of);
      looks = 0;
    }
    return open.ask(h -> ask(h, seen));
  }

  /// Makes the next look a thorough one.
  void lookThoroughly() {
    thoroughly = true;
    look();
  }

  private Seen ask(Handle h, Seen last) {
    boolean due = System.nanoTime() - lastThorough >= SELDOM.toNanos();
    boolean thorough = thoroughly || looks == 0 || (looks % RARELY == 0 && due);
    looks++;
    thoroughly = false;
    if (thorough) {
      lastThorough = System.nanoTime();
    }
    List<Catalogue.Table> tables = Catalogue.tables(h, pair.schemas());
    Seen.Values values = Seen.Values.of(h);
    long now = System.nanoTime();
    double seconds = (now - lastLook) / 1e9;
    lastLook = now;
    return new Seen(
        true,
        Instant.now(),
        "",
        Fence.state(tables),
        activity(h, last.activity(), seconds),
        content(h, last.content(), tables, thorough, values.carried().isEmpty()),
        sync.look(h, colour),
        values);
  }

  private static Seen.Activity activity(Handle h, Seen.Activity last, double seconds) {
    List<Blocker> blockers = Blockers.find(h, Blockers.LONG);
    return h.select(ACTIVITY)
        .map(row -> {
          long commits = row.getColumn("commits", Long.class);
          Lsn position = row.getColumn("position", Lsn.class);
          boolean first = last.commits() == 0 || commits < last.commits();
          return new Seen.Activity(
              row.getColumn("version", String.class),
              DatabaseView.Encryption.of(row.getColumn("encrypted", Boolean.class)),
              position,
              row.getColumn("size", Long.class),
              new Seen.Sessions(
                  row.getColumn("sessions", Integer.class),
                  row.getColumn("transactions", Integer.class),
                  row.getColumn("oldest", Duration.class)),
              blockers,
              commits,
              first ? 0 : (commits - last.commits()) / seconds,
              flowing(last.position(), position, seconds));
        })
        .one();
  }

  /// Looks at what costs time only when asked to be thorough.
  private Seen.Content content(
      Handle h,
      Seen.Content last,
      List<Catalogue.Table> tables,
      boolean thorough,
      boolean carriedNothing) {
    boolean sizes = thorough || tables.size() <= FEW;
    return new Seen.Content(
        thorough ? migrations.summary(h) : last.migrations(),
        thorough ? SchemaCarrier.digest(h, pair.schemas()) : last.digest(),
        sizes ? largest(h) : last.largest(),
        carriedNothing ? 0 : sizes || last.held() == 0 ? held(h) : last.held(),
        thorough ? sync.unreplicated(h, colour, tables) : last.unreplicated());
  }

  private static double flowing(@Nullable Lsn before, Lsn now, double seconds) {
    return before == null || now.compareTo(before) < 0 ? 0 : now.minus(before) / seconds;
  }

  /// The driver goes on with advice that everybody has read before.
  private static String firstSentence(String message) {
    int end = message.indexOf(". ");
    return end < 0 ? message : message.substring(0, end);
  }

  private List<TableSize> largest(Handle h) {
    return h.createQuery(LARGEST)
        .bind("schemas", pair.schemas())
        .map(row ->
            new TableSize(
                row.getColumn("name", TableName.class),
                row.getColumn("rows", Long.class),
                row.getColumn("bytes", Long.class)))
        .list();
  }

  private long held(Handle h) {
    return h.createQuery(HELD).bind("schemas", pair.schemas()).mapTo(long.class).one();
  }

  private void drop() {
    PostgresSession open = session;
    session = null;
    if (open != null) {
      open.abandon();
    }
  }

  @Override
  public void close() {
    closed = true;
    Thread running = thread;
    if (running != null) {
      LockSupport.unpark(running);
    }
  }
}
