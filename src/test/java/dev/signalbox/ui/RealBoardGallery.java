package dev.signalbox.ui;

import dev.signalbox.app.Console;
import dev.signalbox.demo.DemoRun;
import dev.signalbox.demo.DemoScreen;
import dev.signalbox.demo.DemoSite;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Command;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.DatabaseView.Replication;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.Engine;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.Phase;
import dev.signalbox.engine.ReleaseView.PhaseView;
import dev.signalbox.engine.ReleaseView.Status;
import dev.signalbox.engine.StrategyView;
import dev.signalbox.engine.release.conductor.ReleaseEngine;
import dev.signalbox.ui.fx.EngineBridge;
import dev.signalbox.ui.fx.Theme;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// Drives a whole release on real servers under load, and draws the Board, and for names that begin
/// with `strategy-` the Strategy screen, in each state of it to PNG files, without a display:
/// `RealBoardGallery FOLDER [NAME…]`. The last state is the worst: the new stack is live and its
/// database is killed.
public final class RealBoardGallery {
  private static final int RATE = 200;
  private static final int EVENTS = 200;

  private final DemoSite site;
  private final Engine engine;
  private final Map<String, EngineBridge.Update> seen = new LinkedHashMap<>();

  private RealBoardGallery(DemoSite site, Engine engine) {
    this.site = site;
    this.engine = engine;
  }

  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    Map<String, EngineBridge.Update> seen;
    DemoSite.Shape shape =
        new DemoSite.Shape(2_000, 120_000, Duration.ofSeconds(3), Duration.ofSeconds(1));
    try (DemoSite site = new DemoSite(DemoSite.newFolder(), shape)) {
      // Ended by a signal, it leaves nothing behind either.
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(site)));
      site.open();
      try (Console console = new Console(site.environment(), ReleaseEngine.Role.DRIVE)) {
        DemoScreen quiet = new DemoScreen(new PrintWriter(Writer.nullWriter()), false);
        DemoRun run = new DemoRun(site, console, quiet, RATE);
        try {
          run.warmUp();
          seen = new RealBoardGallery(site, console).drive();
        } finally {
          run.close();
        }
      }
    }
    for (Map.Entry<String, EngineBridge.Update> state : seen.entrySet()) {
      out.println(state.getKey() + ": " + words(state.getValue().snapshot()));
    }
    List<String> wanted = List.of(arguments).subList(1, arguments.length);
    if (!wanted.isEmpty()) {
      seen.keySet().retainAll(wanted);
    }
    BoardGallery.open();
    for (Theme theme : List.of(Theme.DARK, Theme.LIGHT)) {
      for (Map.Entry<String, EngineBridge.Update> state : seen.entrySet()) {
        BoardGallery.draw(state.getKey(), state.getValue(), theme, folder);
      }
    }
    BoardGallery.close();
  }

  private static void close(DemoSite site) {
    try {
      site.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, EngineBridge.Update> drive() throws Exception {
    see("idle", s -> s.history().samples().size() >= 12 && s.live() == Colour.BLUE);
    CompletableFuture<EngineBridge.Update> copying = first(RealBoardGallery::isCopying);
    give(new Command.StartRelease("v2"));
    keep("copying", copying);
    see(
        "ready",
        s -> s.lever(LeverId.CUT_OVER).locked().isEmpty() && s.history().samples().size() >= 25);
    CompletableFuture<EngineBridge.Update> draining = first(RealBoardGallery::isDraining);
    move("moving", new Command.CutOver());
    keep("strategy-draining", draining);
    see("after", RealBoardGallery::isWatched);
    see("strategy-after", RealBoardGallery::isWatched);
    move("moving-back", Command.RollBack.losingNothing());
    see(
        "rolled-back",
        s -> s.live() == Colour.BLUE && s.lever(LeverId.CUT_OVER).locked().isEmpty());
    move("moving-again", new Command.CutOver());
    see("after-again", RealBoardGallery::isWatched);
    for (Colour colour : Colour.values()) {
      site.server(colour).freeze();
    }
    Instant frozen = Instant.now();
    see("both-frozen", s -> s.at().isAfter(frozen.plusSeconds(8)));
    for (Colour colour : Colour.values()) {
      site.server(colour).thaw();
    }
    see("thawed", s -> isWatched(s) && answers(s, Colour.BLUE) && answers(s, Colour.GREEN));
    seen.remove("thawed");
    site.server(Colour.GREEN).crash();
    Instant killed = Instant.now();
    see("green-dead", s -> !answers(s, Colour.GREEN) && s.at().isAfter(killed.plusSeconds(5)));
    return seen;
  }

  private void move(String name, Command command) throws Exception {
    CompletableFuture<EngineBridge.Update> moving =
        first(s -> s.release() != null && s.release().status() instanceof Status.Moving);
    give(command);
    keep(name, moving);
  }

  /// Half way, or in the next phase when the copy was too quick to be seen.
  private static boolean isCopying(EngineSnapshot state) {
    if (state.release() == null || state.database() == null) {
      return false;
    }
    Replication replication = state.database().replication();
    boolean begun = replication.tables().stream().anyMatch(t -> t.copiedRows() > 0);
    return (begun && replication.forward().state() == Direction.State.COPYING)
        || state.release().phase() == Phase.SYNCHRONIZE;
  }

  private static boolean isDraining(EngineSnapshot state) {
    return state.strategy() != null && state.strategy().phase() == StrategyView.Phase.DRAINING;
  }

  private static boolean isWatched(EngineSnapshot state) {
    return state.live() == Colour.GREEN
        && state.release() != null
        && state.release().status() instanceof Status.Watching
        && state.release().phases().stream()
            .anyMatch(p -> p.phase() == Phase.WATCH && p.state() == PhaseView.State.DONE);
  }

  private static boolean answers(EngineSnapshot state, Colour colour) {
    Server server = state.database() == null ? null : state.database().servers().get(colour);
    return server != null && server.reachable();
  }

  private void see(String name, Predicate<EngineSnapshot> condition) throws Exception {
    keep(name, first(condition));
  }

  private void keep(String name, CompletableFuture<EngineBridge.Update> update) throws Exception {
    seen.put(name, update.get(2, TimeUnit.MINUTES));
  }

  /// What a window would have been given at the first such moment.
  private CompletableFuture<EngineBridge.Update> first(Predicate<EngineSnapshot> condition) {
    CompletableFuture<EngineBridge.Update> found = new CompletableFuture<>();
    Engine.Subscription subscription =
        engine.observe(state -> {
          if (!found.isDone() && condition.test(state)) {
            List<EngineEvent> events =
                engine.events(Math.max(0, state.lastEvent() - EVENTS), EVENTS);
            found.complete(new EngineBridge.Update(state, events, Instant.now()));
          }
        });
    return found.whenComplete((_, _) -> subscription.close());
  }

  private void give(Command command) throws Exception {
    CompletionStage<Outcome> answer = engine.submit(command);
    Outcome outcome = answer.toCompletableFuture().get(2, TimeUnit.MINUTES);
    if (!(outcome instanceof Outcome.Done)) {
      throw new IllegalStateException(command + ": " + outcome.text());
    }
  }

  private static String words(EngineSnapshot state) {
    String next = state.release() == null ? "" : state.release().next();
    return next
        + " | locked: "
        + state.lever(LeverId.CUT_OVER).locked()
        + " | way back: "
        + state.wayBack();
  }
}
