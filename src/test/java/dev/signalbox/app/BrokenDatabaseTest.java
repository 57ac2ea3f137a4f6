package dev.signalbox.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.release.Journal;
import dev.signalbox.engine.release.conductor.ChangedJournal;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.support.Await;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A database hangs or dies in each phase, under load.
@Tag("rig")
class BrokenDatabaseTest {
  /// What is done to a server right after an entry of the journal.
  private record Trap(EngineEvent.Kind kind, String step, Fault fault) {}

  private interface Fault {
    void strike() throws Exception;
  }

  /// The real journal; a trap springs once, on the thread that wrote the entry.
  private static final class TrappedJournal extends ChangedJournal {
    private final AtomicReference<@Nullable Trap> trap;

    TrappedJournal(Journal real, AtomicReference<@Nullable Trap> trap) {
      super(real);
      this.trap = trap;
    }

    @Override
    public List<EngineEvent> append(long epoch, String actor, List<Draft> drafts) {
      List<EngineEvent> written = super.append(epoch, actor, drafts);
      Trap set = trap.get();
      if (set != null
          && drafts.stream().anyMatch(d -> d.kind() == set.kind && d.step().equals(set.step))
          && trap.compareAndSet(set, null)) {
        try {
          set.fault.strike();
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
      return written;
    }
  }

  private final AtomicReference<@Nullable Trap> trap = new AtomicReference<>();

  private void trap(String step, Fault fault) {
    trap.set(new Trap(EngineEvent.Kind.STEP_INTENT, step, fault));
  }

  private Console console(Rig rig) {
    return new Console(
        rig.environment(), ReleaseEngine.Role.DRIVE, journal -> new TrappedJournal(journal, trap));
  }

  private static Outcome give(Console console, Command command) throws Exception {
    return console.submit(command).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static EngineSnapshot await(
      String what, Console console, Predicate<EngineSnapshot> condition)
      throws InterruptedException {
    try {
      Await.until(what, Duration.ofSeconds(45), () -> condition.test(console.snapshot()));
    } catch (AssertionError e) {
      EngineSnapshot s = console.snapshot();
      throw new AssertionError(
          e.getMessage()
              + "; locked: "
              + s.lever(LeverId.CUT_OVER).locked()
              + "; release: "
              + s.release(),
          e);
    }
    return console.snapshot();
  }

  private static boolean free(EngineSnapshot s) {
    return s.lease().mine() && s.lever(LeverId.CUT_OVER).locked().isEmpty();
  }

  private static String reason(EngineSnapshot s) {
    return s.release() != null
            && s.release().status() instanceof ReleaseView.Status.Holding(String reason)
        ? reason
        : "";
  }

  /// Snapshots keep coming, commands are answered, the live side takes writes.
  private static void responsive(Rig rig, Console console) throws Exception {
    long version = console.snapshot().version();
    Await.until(
        "snapshots keep coming",
        Duration.ofSeconds(3),
        () -> console.snapshot().version() > version + 3);
    assertThat(give(console, new Command.StartRelease("again")))
        .isInstanceOf(Outcome.Refused.class);
    assertThat(rig.transfer()).as("a write is acknowledged").isTrue();
    assertThat(console.snapshot().lease().mine()).as("the lease is kept").isTrue();
  }

  @Test
  @Timeout(240)
  void greenHangsOrDiesBeforeAndDuringTheSwitch() throws Exception {
    try (Rig rig = new Rig(60);
        Console console = console(rig)) {
      var green = rig.site.server(Colour.GREEN);
      await("it drives", console, s -> s.lease().mine() && s.live() == Colour.BLUE);

      trap("database.subscribe", green::freeze);
      give(console, new Command.StartRelease("v2"));
      await("green is missed", console, s -> !Rig.server(s, Colour.GREEN).reachable());
      responsive(rig, console);
      EngineSnapshot held = await("it holds", console, s -> !reason(s).isEmpty());
      assertThat(reason(held)).startsWith("Subscribe green to blue");
      green.thaw();
      await("green is back", console, s -> Rig.server(s, Colour.GREEN).reachable());

      trap("database.reverse", green::crash);
      assertThat(give(console, new Command.Resume())).isInstanceOf(Outcome.Failed.class);
      await("green is missed", console, s -> !Rig.server(s, Colour.GREEN).reachable());
      responsive(rig, console);
      await("it holds", console, s -> !reason(s).isEmpty());
      green.start();
      await("green is back", console, s -> Rig.server(s, Colour.GREEN).reachable());
      give(console, new Command.Resume());
      await("the lever is free", console, BrokenDatabaseTest::free);

      for (String step : List.of("application.hold", "database.fence", "database.switch")) {
        trap(step, green::freeze);
        long began = System.nanoTime();
        Outcome outcome = give(console, new Command.CutOver());
        assertThat(outcome).as(step).isInstanceOf(Outcome.Failed.class);
        System.out.println(
            "green frozen at "
                + step
                + ": undone after "
                + (System.nanoTime() - began) / 1_000_000
                + " ms: "
                + outcome.text());
        assertThat(rig.writes(Colour.BLUE)).isTrue();
        assertThat(rig.router().route()).isEqualTo(Colour.BLUE);
        assertThat(rig.router().holding()).isFalse();
        responsive(rig, console);
        green.thaw();
        await("the lever is free", console, BrokenDatabaseTest::free);
        assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.BLUE);
      }
      assertThat(give(console, new Command.CutOver())).isInstanceOf(Outcome.Done.class);
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.GREEN);
      rig.load.finish();
      rig.reconcile(Colour.GREEN);
    }
  }

  @Test
  @Timeout(300)
  void greenDiesAfterTheSwitchAndTheWayBackNeedsWords() throws Exception {
    try (Rig rig = new Rig(60);
        Console console = console(rig)) {
      var green = rig.site.server(Colour.GREEN);
      await("it drives", console, s -> s.lease().mine() && s.live() == Colour.BLUE);
      give(console, new Command.StartRelease("v2"));
      await("the lever is free", console, BrokenDatabaseTest::free);
      assertThat(give(console, new Command.CutOver())).isInstanceOf(Outcome.Done.class);
      Await.until("green takes writes", rig::transfer);
      await("the way back is free", console, s -> s.wayBack().wordsToType().isEmpty());

      green.freeze();
      EngineSnapshot dead =
          await("the way back needs words", console, s -> !s.wayBack().wordsToType().isEmpty());
      assertThat(dead.wayBack().wordsToType()).isEqualTo("lose writes");
      assertThat(give(console, Command.RollBack.losingNothing()))
          .isInstanceOfSatisfying(
              Outcome.Refused.class,
              refused -> assertThat(refused.text()).contains("would be lost", "lose writes"));
      assertThat(rig.writes(Colour.BLUE)).as("blue before the words").isFalse();
      Outcome outcome = give(console, new Command.RollBack("lose writes"));
      assertThat(outcome).as(outcome.text()).isInstanceOf(Outcome.Done.class);
      assertThat(rig.writes(Colour.BLUE)).isTrue();
      assertThat(rig.router().route()).isEqualTo(Colour.BLUE);
      Await.until("a write is acknowledged", rig::transfer);

      green.thaw();
      Await.until("green is closed again", () -> !rig.writes(Colour.GREEN));
      Await.until(
          "the debt is paid",
          () -> {
            try (var c = rig.site.connect(Colour.BLUE);
                var row =
                    c.createStatement()
                        .executeQuery("SELECT FROM signalbox.plane WHERE key = 'debt'")) {
              return !row.next();
            }
          });
      assertThat(rig.onlyOneTakesWrites()).isEqualTo(Colour.BLUE);
      EngineSnapshot after =
          await(
              "the cutover is locked",
              console,
              s ->
                  s.gates().stream()
                      .anyMatch(g ->
                          g.id().equals("database.way-back") && g.evidence().contains("given up")));
      assertThat(after.lever(LeverId.CUT_OVER).locked()).isNotEmpty();
      // Nothing half applied, nothing twice; what is lost was taken by green before it froze.
      assertThat(rig.report(Colour.BLUE).duplicated()).isEmpty();
      assertThat(rig.report(Colour.BLUE).halfApplied()).isEmpty();
      await(
          "every plane sees blue live",
          console,
          s -> s.lever(LeverId.GIVE_UP) instanceof Lever.Free);
      assertThat(give(console, new Command.GiveUp(after.environment())))
          .isInstanceOf(Outcome.Done.class);
      assertThat(Objects.requireNonNull(console.snapshot().release()).status())
          .isInstanceOf(ReleaseView.Status.GivenUp.class);
      Await.until("a write is acknowledged", rig::transfer);
    }
  }
}
