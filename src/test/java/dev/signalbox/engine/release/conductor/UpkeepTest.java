package dev.signalbox.engine.release.conductor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.Lease;
import dev.signalbox.support.Await;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class UpkeepTest {
  private final MemoryJournal journal = new MemoryJournal();
  private final CountDownLatch readable = new CountDownLatch(1);

  /// Its first page comes at once; the next one takes long, as on a machine with too much to do.
  private final class SlowJournal implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      return journal.append(epoch, actor, drafts);
    }

    @Override
    public Reader reader() {
      Reader reader = journal.reader();
      AtomicInteger pages = new AtomicInteger();
      return new Reader() {
        @Override
        public List<EngineEvent> next() {
          if (pages.getAndIncrement() == 1) {
            try {
              readable.await();
            } catch (InterruptedException e) {
              throw new JournalException("interrupted", e);
            }
          }
          return reader.next();
        }

        @Override
        public Set<Long> voided() {
          return reader.voided();
        }
      };
    }

    @Override
    public void reconcile(long epoch) {
      journal.reconcile(epoch);
    }
  }

  /// Once taken it is this console's.
  private final class OwnLease implements Lease {
    @Override
    public LeaseView look() {
      long epoch = journal.epoch();
      return new LeaseView(epoch > 0, epoch > 0 ? "console" : "", epoch, null);
    }

    @Override
    public long acquire(boolean force) {
      return journal.acquire(force);
    }

    @Override
    public long acquireAlone(String words) {
      return journal.acquireAlone(words);
    }

    @Override
    public void renew(long epoch) {
      journal.renew(epoch);
    }

    @Override
    public void release(long epoch) {
      journal.release(epoch);
    }
  }

  @Test
  void aLeaseThatIsBeingTakenUpIsKeptAndNotTakenASecondTime() throws Exception {
    Execution execution = new LiveExecution();
    Recorder recorder = new Recorder(new SlowJournal(), "console", () -> {});
    try (Conductor conductor =
        new Conductor(
            ConductorTest.ENVIRONMENT,
            new Planes(List.of(new WorldPlane(new World(journal), this))),
            recorder,
            journal,
            execution,
            text -> {})) {
      Upkeep upkeep = new Upkeep(new OwnLease(), journal, recorder, conductor, execution, true);
      for (int round = 0; round < 4; round++) {
        upkeep.round();
        assertThat(upkeep.seen().holder()).as("who is seen to drive").isEmpty();
      }
      assertThat(conductor.epoch()).as("drives").isZero();
      assertThat(journal.epoch()).as("epochs that were taken").isEqualTo(1);

      readable.countDown();
      Await.until("it drives", () -> conductor.epoch() == 1);
      assertThat(conductor.taking()).isZero();
      upkeep.round();
      assertThat(journal.epoch()).isEqualTo(1);
      assertThat(upkeep.seen().holder()).isEqualTo("console");
    }
  }
}
