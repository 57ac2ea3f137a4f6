package dev.signalbox.engine.journal;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.engine.release.conductor.ChangedJournal;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// The production's journal and lease of one console, over simulated databases and a simulated
/// witness.
public final class SimClient {
  /// A fault put back.
  public enum Flaw {
    NONE,
    /// The number of a batch that timed out is used again, and nothing is declared void.
    NUMBERS_USED_AGAIN,
    /// A batch that timed out is not declared void by the next one.
    NOT_DECLARED_VOID,
    /// What this console was told to have failed it reads as written.
    FAILED_IS_READ,
    /// The witness agrees with everybody.
    WITNESS_AGREES
  }

  private final Journal journal;
  private final Lease lease;

  /// @param lines to each database
  /// @param entry to the witness
  public SimClient(
      SimTime time,
      Map<SimTables, SimLine> lines,
      SimWitness witness,
      SimLine entry,
      String name,
      Duration ttl,
      Flaw flaw) {
    Together together = new SimTogether(time);
    List<JournalCopy> copies = new ArrayList<>();
    List<Voter> voters = new ArrayList<>();
    voters.add(new WitnessVoter(witness.over(entry, time, flaw == Flaw.WITNESS_AGREES), together));
    lines.forEach((tables, line) -> {
      JournalCopy copy = new SimLink(tables, line, time);
      copies.add(flaw == Flaw.NOT_DECLARED_VOID ? new WithoutVoids(copy) : copy);
      voters.add(new SimLink(tables, line, time));
    });
    BothDatabases databases = new BothDatabases(together, copies);
    this.journal =
        switch (flaw) {
          case NUMBERS_USED_AGAIN -> new NumbersUsedAgain(databases);
          case FAILED_IS_READ -> new FailedIsRead(databases, new PostgresJournal(databases));
          case NONE, NOT_DECLARED_VOID, WITNESS_AGREES -> new PostgresJournal(databases);
        };
    this.lease = new PostgresLease(together, voters, new Voter.Holder(name, name, ttl.toMillis()));
  }

  public Journal journal() {
    return journal;
  }

  public Lease lease() {
    return lease;
  }

  private static final class FailedIsRead extends ChangedJournal {
    private final BothDatabases databases;

    FailedIsRead(BothDatabases databases, Journal real) {
      super(real);
      this.databases = databases;
    }

    @Override
    public Reader reader() {
      return new UnionReader(databases, new OwnBatches());
    }
  }

  private record NumbersUsedAgain(BothDatabases databases) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      long head = 0;
      for (var answer : databases.ask(JournalCopy::head)) {
        if (answer instanceof BothDatabases.Given<JournalCopy.Head> given) {
          head = Math.max(head, given.value().sequence());
        }
      }
      UUID batch = new UUID(epoch, System.identityHashCode(drafts));
      List<JournalEntry> entries = new ArrayList<>();
      for (Draft draft : drafts) {
        EngineEvent event =
            new EngineEvent(
                head + 1 + entries.size(),
                databases.together().now(),
                draft.release(),
                epoch,
                actor,
                draft.payload(),
                draft.phase(),
                draft.step(),
                draft.text());
        entries.add(JournalEntry.unhashed(event, batch, Set.of(), ""));
      }
      BatchWriter.Written written = new BatchWriter(databases).write(epoch, batch, entries);
      if (written.deposed()) {
        throw new DeposedException("another console drives");
      } else if (written.fate() != BatchWriter.Fate.WRITTEN) {
        throw new JournalException("no database took it", new SQLException("none"));
      }
      return entries.stream().map(JournalEntry::event).toList();
    }

    @Override
    public Reader reader() {
      return new UnionReader(databases, new OwnBatches());
    }

    @Override
    public void reconcile(long epoch) {
      var _ = new Reconciler(databases).run(epoch);
    }
  }

  private record WithoutVoids(JournalCopy real) implements JournalCopy {
    @Override
    public String name() {
      return real.name();
    }

    @Override
    public boolean suspect() {
      return real.suspect();
    }

    @Override
    public Head head() throws SQLException {
      return real.head();
    }

    @Override
    public void append(long epoch, UUID batch, List<JournalEntry> entries) throws SQLException {
      real.append(
          epoch,
          batch,
          entries.stream()
              .map(e ->
                  new JournalEntry(
                      e.event(), e.data(), e.batch(), Set.of(), e.previous(), e.hash()))
              .toList());
    }

    @Override
    public Page after(@org.jspecify.annotations.Nullable Place place, int limit)
        throws SQLException {
      return real.after(place, limit);
    }

    @Override
    public java.util.Optional<List<Long>> numbers() throws SQLException {
      return real.numbers();
    }

    @Override
    public List<JournalEntry> numbered(List<Long> sequences) throws SQLException {
      return real.numbered(sequences);
    }

    @Override
    public void copy(long epoch, List<JournalEntry> entries) throws SQLException {
      real.copy(epoch, entries);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
