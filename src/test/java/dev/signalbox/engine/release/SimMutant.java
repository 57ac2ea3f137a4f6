package dev.signalbox.engine.release;

import dev.signalbox.engine.EngineEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A fault of the conductor put back at one of its seams. The simulation must find each.
///
/// @param ticks whether the conductor looks at the clock
record SimMutant(
    String name,
    UnaryOperator<Step> step,
    UnaryOperator<Execution> execution,
    UnaryOperator<Journal> journal,
    boolean ticks) {
  private static final Logger LOG = LoggerFactory.getLogger(SimMutant.class);

  static final SimMutant NONE = of("none");

  static List<SimMutant> all() {
    return List.of(
        of("what is under way with nobody at it is not taken up").withoutTicks(),
        of("a step that may still act is undone under the same epoch")
            .withExecution(SameEpoch::new),
        of("recovery undoes a commit that it could have seen").withSteps(SimMutant::blind),
        of("giving up goes on after a step could not be undone").withSteps(SimMutant::careless),
        of("something begins whose intent was not written").withJournal(Pretending::new),
        of("what is read before a read fails is forgotten").withJournal(Forgetful::new));
  }

  private static SimMutant of(String name) {
    return new SimMutant(
        name, UnaryOperator.identity(), UnaryOperator.identity(), UnaryOperator.identity(), true);
  }

  private SimMutant withoutTicks() {
    return new SimMutant(name, step, execution, journal, false);
  }

  private SimMutant withExecution(UnaryOperator<Execution> other) {
    return new SimMutant(name, step, other, journal, ticks);
  }

  private SimMutant withSteps(UnaryOperator<Step> change) {
    return new SimMutant(name, change, execution, journal, ticks);
  }

  private SimMutant withJournal(UnaryOperator<Journal> other) {
    return new SimMutant(name, step, execution, other, ticks);
  }

  private static Step blind(Step step) {
    return step.stage() == Stage.COMMIT
        ? new Changed(step) {
          @Override
          public Reality observe(StepContext context) {
            return Reality.NOT_DONE;
          }
        }
        : step;
  }

  private static Step careless(Step step) {
    return step.stage() == Stage.WORK
        ? new Changed(step) {
          @Override
          public void undo(StepContext context) {
            try {
              super.undo(context);
            } catch (Exception e) {
              LOG.debug("not minded", e);
            }
          }
        }
        : step;
  }

  private static class Changed implements Step {
    private final Step real;

    Changed(Step real) {
      this.real = real;
    }

    @Override
    public String id() {
      return real.id();
    }

    @Override
    public String title() {
      return real.title();
    }

    @Override
    public Stage stage() {
      return real.stage();
    }

    @Override
    public Duration timeout() {
      return real.timeout();
    }

    @Override
    public Reality observe(StepContext context) throws Exception {
      return real.observe(context);
    }

    @Override
    public String run(StepContext context) throws Exception {
      return real.run(context);
    }

    @Override
    public void undo(StepContext context) throws Exception {
      real.undo(context);
    }
  }

  /// Does not tell that a call may still act.
  private record SameEpoch(Execution real) implements Execution {
    @Override
    public <T> T within(Duration limit, String what, Callable<T> work) throws Exception {
      try {
        return real.within(limit, what, work);
      } catch (StillRunning e) {
        throw new TimeoutException(e.getMessage());
      } catch (InterruptedException e) {
        throw new InterruptedException(e.getMessage());
      }
    }

    @Override
    public Instant now() {
      return real.now();
    }

    @Override
    public long nanoTime() {
      return real.nanoTime();
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
      real.sleep(duration);
    }

    @Override
    public Task start(String name, Runnable work) {
      return real.start(name, work);
    }

    @Override
    public boolean interrupted() {
      return real.interrupted();
    }

    @Override
    public boolean post(Runnable work) {
      return real.post(work);
    }

    @Override
    public void later(Duration delay, Runnable work) {
      real.later(delay, work);
    }

    @Override
    public void close() {
      real.close();
    }
  }

  /// Goes on as if what could not be written had been.
  private record Pretending(Journal real) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      try {
        return real.append(epoch, actor, drafts);
      } catch (JournalException e) {
        return List.of();
      }
    }

    @Override
    public Reader reader() {
      return real.reader();
    }

    @Override
    public void reconcile(long epoch) {
      real.reconcile(epoch);
    }
  }

  /// Forgets a page when the next one cannot be read.
  private record Forgetful(Journal real) implements Journal {
    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      return real.append(epoch, actor, drafts);
    }

    @Override
    public Reader reader() {
      Reader pages = real.reader();
      return () -> {
        List<EngineEvent> all = new ArrayList<>();
        for (List<EngineEvent> page = pages.next(); !page.isEmpty(); page = pages.next()) {
          all.addAll(page);
        }
        return all;
      };
    }

    @Override
    public void reconcile(long epoch) {
      real.reconcile(epoch);
    }
  }
}
