package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.database.postgres.PostgresServer;
import dev.signalbox.engine.release.Journal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// The journal in table `signalbox.journal` of both databases.
///
/// A database that failed a moment ago is not waited for; what it missed is copied to it by
/// [#reconcile]. A driver that begins without one of the databases begins at its epoch times a
/// million, so that two drivers that each saw only one database never use the same number.
public final class PostgresJournal implements Journal, AutoCloseable {
  private static final long JUMP = 1_000_000;

  private final BothDatabases databases;
  private final BatchWriter writer;
  private final Object writing = new Object();

  /// The next number; 0 when it must be read first. Guarded by `writing`, like all up to `doubts`.
  private long next;

  /// The highest number that was ever given to an entry here.
  private long used;

  /// Hash of the entry that was last known to be written.
  private String last = "";

  /// Batches that were told to have failed and may surface all the same.
  private final Set<UUID> doubts = new LinkedHashSet<>();

  private volatile boolean incomplete = true;

  public PostgresJournal(List<PostgresServer> servers) {
    this(
        new BothDatabases(
            new LiveTogether(), servers.stream().<JournalCopy>map(DatabaseCopy::new).toList()));
  }

  PostgresJournal(BothDatabases databases) {
    this.databases = databases;
    this.writer = new BatchWriter(databases);
  }

  @Override
  public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
    synchronized (writing) {
      Attempt attempt = attempt(epoch, actor, drafts);
      if (attempt.written().fate() == BatchWriter.Fate.TOO_LATE && !attempt.written().deposed()) {
        // Nobody has it. Entries of another driver were copied meanwhile: number it anew.
        next = 0;
        attempt = attempt(epoch, actor, drafts);
      }
      settle(attempt);
      return attempt.entries().stream().map(JournalEntry::event).toList();
    }
  }

  private record Attempt(UUID batch, List<JournalEntry> entries, BatchWriter.Written written) {}

  private Attempt attempt(long epoch, String actor, List<Draft> drafts) {
    if (next == 0) {
      begin(epoch);
    }
    UUID batch = UUID.randomUUID();
    List<JournalEntry> entries = number(batch, epoch, actor, drafts);
    next += entries.size();
    used = next - 1;
    return new Attempt(batch, entries, writer.write(epoch, batch, entries));
  }

  private void settle(Attempt attempt) {
    BatchWriter.Written written = attempt.written();
    incomplete |= !written.everywhere();
    boolean good = written.fate() == BatchWriter.Fate.WRITTEN && !written.deposed();
    if (good) {
      doubts.clear();
      last = attempt.entries().getLast().hash();
      return;
    }
    if (written.doubt() || written.fate() == BatchWriter.Fate.WRITTEN) {
      doubts.add(attempt.batch());
    }
    SQLException why = Objects.requireNonNullElseGet(written.why(), () -> new SQLException("none"));
    if (written.deposed()) {
      next = 0;
      throw Refusal.deposed(why);
    }
    throw new JournalException(
        "Neither database takes journal entries, so nothing may be changed: " + why.getMessage(),
        why);
  }

  private List<JournalEntry> number(UUID batch, long epoch, String actor, List<Draft> drafts) {
    Instant now = databases.together().now().truncatedTo(ChronoUnit.MICROS);
    List<JournalEntry> entries = new ArrayList<>();
    String previous = last;
    for (Draft draft : drafts) {
      EngineEvent event =
          new EngineEvent(
              next + entries.size(),
              now,
              draft.release(),
              epoch,
              storable(actor),
              draft.kind(),
              draft.phase(),
              storable(draft.step()),
              storable(draft.text()),
              storable(draft.data()));
      Set<UUID> voids = entries.isEmpty() ? doubts : Set.of();
      JournalEntry bare = new JournalEntry(event, batch, voids, previous, "");
      previous = Chain.hash(bare);
      entries.add(new JournalEntry(event, batch, voids, bare.previous(), previous));
    }
    return entries;
  }

  /// As PostgreSQL can store it: what is written is what will be read and hashed.
  private static String storable(String text) {
    byte[] bytes = text.replace("\u0000", "").getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Map<String, String> storable(Map<String, String> data) {
    Map<String, String> storable = new HashMap<>();
    data.forEach((key, value) -> storable.put(storable(key), storable(value)));
    return storable;
  }

  /// Finds the number and the hash to go on from.
  private void begin(long epoch) {
    JournalCopy.Head newest = new JournalCopy.Head(0, "");
    int answered = 0;
    for (var answer : databases.ask(JournalCopy::head)) {
      if (answer instanceof BothDatabases.Given<JournalCopy.Head> given) {
        if (given.value().sequence() > newest.sequence()) {
          newest = given.value();
        }
        answered++;
      }
    }
    if (answered == 0) {
      throw new JournalException(
          "Neither database answers, so the journal cannot be written.",
          new SQLException("no answer"));
    }
    long known = Math.max(newest.sequence(), used);
    long alone = epoch * JUMP;
    next = answered == databases.copies().size() ? known + 1 : alone > known ? alone : known + JUMP;
    last = newest.hash();
  }

  @Override
  public Reader reader() {
    return new UnionReader(databases);
  }

  @Override
  public void reconcile(long epoch) {
    if (incomplete) {
      incomplete = false;
      boolean complete = false;
      try {
        complete = new Reconciler(databases).run(epoch);
      } finally {
        incomplete |= !complete;
      }
    }
  }

  @Override
  public void close() {
    databases.copies().forEach(JournalCopy::close);
  }
}
