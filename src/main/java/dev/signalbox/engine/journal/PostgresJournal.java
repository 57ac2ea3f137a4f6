package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EventPayload;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.Journal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
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

  /// The next number; 0 when it must be read first. Guarded by `writing`, like all up to `last`.
  private long next;

  /// The epoch that numbers were given under. Another console may have written under one between.
  private long numbered;

  /// The highest number that was ever given to an entry here.
  private long used;

  /// Hash of the entry that was last known to be written.
  private String last = "";

  private final OwnBatches own = new OwnBatches();

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

  private record Attempt(List<JournalEntry> entries, BatchWriter.Written written) {}

  private Attempt attempt(long epoch, String actor, List<Draft> drafts) {
    if (next == 0 || numbered != epoch) {
      begin(epoch);
      numbered = epoch;
    }
    UUID batch = UUID.randomUUID();
    List<JournalEntry> entries = number(batch, epoch, actor, drafts);
    next += entries.size();
    used = next - 1;
    own.sent(batch, epoch);
    BatchWriter.Written written = writer.write(epoch, batch, entries);
    if (written.fate() == BatchWriter.Fate.WRITTEN && !written.deposed()) {
      own.written(batch, entries.getFirst().voids());
    } else if (!written.doubt() && written.fate() != BatchWriter.Fate.WRITTEN) {
      own.gone(batch);
    }
    return new Attempt(entries, written);
  }

  private void settle(Attempt attempt) {
    BatchWriter.Written written = attempt.written();
    incomplete |= !written.everywhere();
    boolean good = written.fate() == BatchWriter.Fate.WRITTEN && !written.deposed();
    if (good) {
      last = attempt.entries().getLast().hash();
      return;
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
    Instant now = databases.together().now();
    List<JournalEntry> entries = new ArrayList<>();
    String previous = last;
    Set<UUID> doubts = own.doubts(epoch);
    for (Draft draft : drafts) {
      EngineEvent event =
          new EngineEvent(
              next + entries.size(),
              now.minus(draft.age()).truncatedTo(ChronoUnit.MICROS),
              draft.release(),
              epoch,
              storable(actor),
              storable(draft.payload(), epoch),
              draft.phase(),
              storable(draft.step()),
              storable(draft.text()));
      Set<UUID> voids = entries.isEmpty() ? doubts : Set.of();
      JournalEntry entry = JournalEntry.unhashed(event, batch, voids, previous).hashed();
      previous = entry.hash();
      entries.add(entry);
    }
    return entries;
  }

  /// As PostgreSQL can store it: what is written is what will be read and hashed.
  private static String storable(String text) {
    byte[] bytes = text.replace("\u0000", "").getBytes(StandardCharsets.UTF_8);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static EventPayload storable(EventPayload payload, long epoch) {
    Map<String, String> data = EventData.encode(payload);
    data.replaceAll((key, value) -> storable(value));
    return EventData.decode(payload.kind(), data, epoch);
  }

  /// Finds the number and the hash to go on from.
  private void begin(long epoch) {
    JournalCopy.Head newest = new JournalCopy.Head(0, "", 0);
    int answered = 0;
    int ours = 0;
    for (var answer : databases.ask(JournalCopy::head)) {
      if (answer instanceof BothDatabases.Given<JournalCopy.Head> given) {
        if (given.value().sequence() > newest.sequence()) {
          newest = given.value();
        }
        answered++;
        ours += given.value().epoch() == epoch ? 1 : 0;
      }
    }
    if (answered == 0) {
      throw new JournalException(
          "Neither database answers, so the journal cannot be written.",
          new SQLException("no answer"));
    }
    long known = Math.max(newest.sequence(), used);
    long alone = epoch * JUMP;
    // Where our epoch is not known yet, the driver before us may still write.
    // Behind our own jump nobody else writes who could not see all that we wrote.
    next = ours == databases.copies().size() ? known + 1 : Math.max(alone, known + 1);
    last = newest.hash();
  }

  @Override
  public Reader reader() {
    return new UnionReader(databases, own);
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
