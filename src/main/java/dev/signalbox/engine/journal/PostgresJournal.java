package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.database.postgres.PostgresServer;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// The journal in table `signalbox.journal` of both databases.
///
/// A database that failed a moment ago is not waited for; what it missed is copied to it by
/// [#reconcile]. Numbers jump by a million when a driver begins without one of the databases, so
/// that two drivers that each saw only one database never use the same number.
public final class PostgresJournal implements Journal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresJournal.class);
  private static final Duration TIMEOUT = Duration.ofMillis(1500);
  private static final long JUMP = 1_000_000;
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<Map<String, String>> DATA = new TypeReference<>() {};
  private static final String COLUMNS =
      "sequence, at, release, epoch, actor, kind, phase, step, text, data";

  private final List<Link> links;
  private final Object writing = new Object();

  /// The next number; 0 when it must be read first. Guarded by `writing`.
  private long next;

  private volatile boolean incomplete = true;

  public PostgresJournal(List<PostgresServer> servers) {
    this.links = servers.stream().map(s -> new Link(s, "journal", TIMEOUT)).toList();
  }

  @Override
  public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    synchronized (writing) {
      if (next == 0) {
        next = firstFree();
      }
      List<EngineEvent> events = number(epoch, actor, drafts);
      List<Link> well = links.stream().filter(l -> !l.suspect()).toList();
      List<BothDatabases.Answer<Boolean>> answers =
          BothDatabases.ask(
              well.isEmpty() ? links : well,
              (link, connection) -> write(connection, epoch, events));
      settle(answers);
      next += drafts.size();
      return events;
    }
  }

  private void settle(List<BothDatabases.Answer<Boolean>> answers) {
    int written = 0;
    SQLException failure = null;
    for (var answer : answers) {
      switch (answer) {
        case BothDatabases.Given<Boolean> given -> written++;
        case BothDatabases.Missing<Boolean> missing -> {
          if (Refusal.isDeposed(missing.why())) {
            next = 0;
            throw Refusal.deposed(missing.why());
          }
          failure = missing.why();
        }
      }
    }
    if (written < links.size()) {
      incomplete = true;
    }
    if (written == 0) {
      // It may have been written all the same: look again before the next number is given.
      next = 0;
      throw new JournalException(
          "Neither database takes journal entries, so nothing may be changed: "
              + (failure == null ? "no answer" : failure.getMessage()),
          failure == null ? new SQLException("no answer") : failure);
    }
  }

  private List<EngineEvent> number(long epoch, String actor, List<Draft> drafts) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    List<EngineEvent> events = new ArrayList<>();
    for (Draft draft : drafts) {
      events.add(
          new EngineEvent(
              next + events.size(),
              now,
              draft.release(),
              epoch,
              actor,
              draft.kind(),
              draft.phase(),
              draft.step(),
              draft.text(),
              draft.data()));
    }
    return events;
  }

  private long firstFree() {
    long newest = 0;
    int answered = 0;
    for (var answer :
        BothDatabases.ask(
            links,
            (link, connection) ->
                one(connection, "SELECT coalesce(max(sequence), 0) FROM signalbox.journal"))) {
      if (answer instanceof BothDatabases.Given<Long> given) {
        newest = Math.max(newest, given.value());
        answered++;
      }
    }
    if (answered == 0) {
      throw new JournalException(
          "Neither database answers, so the journal cannot be written.",
          new SQLException("no answer"));
    }
    return newest + 1 + (answered == links.size() ? 0 : JUMP);
  }

  private static boolean write(Connection connection, long epoch, List<EngineEvent> events)
      throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (EngineEvent e : events) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("sequence", e.sequence());
      row.put("at", e.at().toString());
      row.put("release", e.release());
      row.put("epoch", e.epoch());
      row.put("actor", e.actor());
      row.put("kind", e.kind().name());
      row.put("phase", e.phase().name());
      row.put("step", e.step());
      row.put("text", e.text().replace("\u0000", ""));
      row.put("data", e.data());
      rows.add(row);
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT signalbox.append(?, ?::jsonb)")) {
      statement.setLong(1, epoch);
      statement.setString(2, JSON.writeValueAsString(rows));
      statement.execute();
      return true;
    }
  }

  @Override
  public List<EngineEvent> read(long after, int limit) {
    SortedMap<Long, EngineEvent> union = new TreeMap<>();
    int answered = 0;
    List<Link> well = links.stream().filter(l -> !l.suspect()).toList();
    for (var answer :
        BothDatabases.ask(well, (link, connection) -> select(connection, after, limit))) {
      switch (answer) {
        case BothDatabases.Given<List<EngineEvent>> given -> {
          given.value().forEach(e -> union.putIfAbsent(e.sequence(), e));
          answered++;
        }
        case BothDatabases.Missing<List<EngineEvent>> missing ->
            LOG.debug("journal of {} not read", missing.link().server().colour(), missing.why());
      }
    }
    if (answered == 0) {
      // Not the same as an empty journal.
      throw new JournalException(
          "Neither database answers, so the journal cannot be read.",
          new SQLException("no answer"));
    }
    return union.values().stream().limit(limit).toList();
  }

  private static List<EngineEvent> select(Connection connection, long after, int limit)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM signalbox.journal WHERE sequence > ? ORDER BY sequence LIMIT ?")) {
      statement.setLong(1, after);
      statement.setInt(2, limit);
      List<EngineEvent> events = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          events.add(event(rows));
        }
      }
      return events;
    }
  }

  private static EngineEvent event(ResultSet row) throws SQLException {
    return new EngineEvent(
        row.getLong(1),
        row.getTimestamp(2).toInstant(),
        row.getLong(3),
        row.getLong(4),
        row.getString(5),
        EngineEvent.Kind.valueOf(row.getString(6)),
        Phase.valueOf(row.getString(7)),
        row.getString(8),
        row.getString(9),
        JSON.readValue(row.getString(10), DATA));
  }

  @Override
  public void reconcile(long epoch) {
    if (!incomplete) {
      return;
    }
    incomplete = false;
    List<Link> answering = new ArrayList<>();
    Map<Link, List<Long>> held = new LinkedHashMap<>();
    for (var answer : BothDatabases.ask(links, (link, connection) -> sequences(connection))) {
      if (answer instanceof BothDatabases.Given<List<Long>> given) {
        answering.add(given.link());
        held.put(given.link(), given.value());
      }
    }
    if (answering.size() < links.size()) {
      incomplete = true;
    }
    for (Link from : answering) {
      for (Link to : answering) {
        if (from != to) {
          var missing = new java.util.TreeSet<>(held.getOrDefault(from, List.of()));
          held.getOrDefault(to, List.of()).forEach(missing::remove);
          if (!missing.isEmpty()) {
            copy(epoch, from, to, List.copyOf(missing));
          }
        }
      }
    }
  }

  private void copy(long epoch, Link from, Link to, List<Long> sequences) {
    try {
      List<EngineEvent> events =
          from.call(connection -> {
            List<EngineEvent> found = new ArrayList<>();
            try (PreparedStatement statement =
                connection.prepareStatement(
                    "SELECT "
                        + COLUMNS
                        + " FROM signalbox.journal WHERE sequence = ANY (?) ORDER BY"
                        + " sequence")) {
              statement.setArray(
                  1, connection.createArrayOf("bigint", sequences.toArray(new Long[0])));
              try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                  found.add(event(rows));
                }
              }
            }
            return found;
          });
      to.call(connection -> write(connection, epoch, events));
      LOG.info(
          "copied {} journal entries from {} to {}",
          events.size(),
          from.server().colour(),
          to.server().colour());
    } catch (SQLException e) {
      incomplete = true;
      if (Refusal.DEPOSED.equals(e.getSQLState())) {
        throw new DeposedException("Another console drives.", e);
      }
      LOG.warn("journal entries could not be copied; tried again later: {}", e.getMessage());
    }
  }

  private static List<Long> sequences(Connection connection) throws SQLException {
    List<Long> all = new ArrayList<>();
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT sequence FROM signalbox.journal")) {
      while (rows.next()) {
        all.add(rows.getLong(1));
      }
    }
    return all;
  }

  static long one(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() {
    links.forEach(Link::close);
  }
}
