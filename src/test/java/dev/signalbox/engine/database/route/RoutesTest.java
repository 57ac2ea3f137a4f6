package dev.signalbox.engine.database.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.Move;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.support.Await;
import dev.signalbox.support.StepRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real files and applications that answer over HTTP.
class RoutesTest {
  @TempDir Path folder;
  private final Map<Colour, TestStack> stacks = new EnumMap<>(Colour.class);
  private final Probe probe = new Probe();
  private FileRoute route;
  private Routes routes;

  @BeforeEach
  void start() throws Exception {
    Map<Colour, StackFile> files = new EnumMap<>(Colour.class);
    Map<Colour, String> addresses = new EnumMap<>(Colour.class);
    for (Colour colour : Colour.values()) {
      TestStack stack = new TestStack(colour);
      stacks.put(colour, stack);
      addresses.put(colour, "jdbc:postgresql://127.0.0.1/" + colour);
      files.put(
          colour,
          new StackFile(
              folder.resolve(colour + "/database.properties"),
              "app",
              new SecretSource.InFile(folder.resolve("password")),
              Optional.of(stack.address().resolve("/api/health/db"))));
      acknowledge(colour, colour, 1);
    }
    // The first question of a process takes its time, more than the product allows.
    for (TestStack stack : stacks.values()) {
      assertThat(probe.get(stack.address(), Duration.ofSeconds(30)).status()).isPositive();
    }
    route = new FileRoute(files, addresses, probe);
    routes =
        new Routes(
            List.of(route),
            List.of(),
            colour -> Optional.of(new Identity("system-" + colour, "bank")),
            Duration.ofMillis(100));
  }

  @AfterEach
  void stop() {
    routes.close();
    probe.close();
    stacks.values().forEach(TestStack::close);
  }

  private void acknowledge(Colour stack, Colour database, long generation) {
    Objects.requireNonNull(stacks.get(stack)).database =
        """
        {"status":"UP","database":{"generation":%d,"systemIdentifier":"system-%s","name":"bank"}}\
        """
            .formatted(generation, database);
  }

  @Test
  void itIsWatchedWhatTheApplicationsSay() throws Exception {
    assertThat(routes.pointed(Colour.GREEN)).isFalse();
    assertThat(routes.acknowledged(Colour.GREEN)).isFalse();
    routes.point(Colour.GREEN, 1);
    assertThat(routes.pointed(Colour.GREEN)).isTrue();
    assertThat(routes.seen(Colour.GREEN).asked()).isFalse();
    assertThat(routes.acknowledged(Colour.GREEN)).isTrue();
    routes.start();
    Await.until("green is seen", () -> routes.seen(Colour.GREEN).asked());
    assertThat(routes.seen(Colour.GREEN).problem()).isEmpty();
    assertThat(routes.seen(Colour.GREEN).evidence())
        .isEqualTo("'bank' of system system-green, generation 1");
    assertThat(routes.view(Colour.GREEN))
        .contains(new DatabaseView.Application(Colour.GREEN, 1, ""));

    acknowledge(Colour.GREEN, Colour.BLUE, 1);
    Await.until("it is missed", () -> !routes.seen(Colour.GREEN).problem().isEmpty());
    assertThat(routes.seen(Colour.GREEN).problem())
        .isEqualTo(
            "the green application is connected to blue's database ('bank'), not to its own");
    assertThat(routes.seen(Colour.GREEN).database()).contains(Colour.BLUE);
    assertThat(routes.acknowledged(Colour.GREEN)).isFalse();

    Objects.requireNonNull(stacks.get(Colour.GREEN)).database = "";
    Await.until(
        "it has none",
        () -> routes.seen(Colour.GREEN).problem().contains("green application has no database"));
    assertThat(routes.view(Colour.GREEN).orElseThrow().acknowledged()).isNull();
  }

  @Test
  void whatNobodyAsksAnyMoreIsNotKnown() throws Exception {
    assertThat(routes.obstacle(Colour.GREEN)).contains("was not asked lately");
    routes.look(Colour.GREEN);
    assertThat(routes.obstacle(Colour.GREEN)).isEmpty();
    assertThat(routes.view(Colour.GREEN).orElseThrow().acknowledged()).isEqualTo(Colour.GREEN);
    // Nobody looks again: three polls with their answers.
    Await.until("it is old", () -> routes.old(Colour.GREEN));
    assertThat(routes.obstacle(Colour.GREEN)).contains("was not asked lately");
    assertThat(routes.view(Colour.GREEN).orElseThrow().acknowledged()).isNull();
  }

  @Test
  void whoIsPointedToANewerGenerationMustAcknowledgeThatOne() throws Exception {
    assertThat(routes.point(Colour.GREEN, 1)).isEqualTo(1);
    assertThat(routes.point(Colour.GREEN, 2)).isEqualTo(1);
    Path file = folder.resolve("green/database.properties");
    Files.writeString(file, Files.readString(file).replace("/green", "/elsewhere"));
    assertThat(routes.point(Colour.GREEN, 3)).isEqualTo(2);
    assertThat(routes.look(Colour.GREEN).problem())
        .contains("still uses generation 1 of its database file, the newest is 2");
    assertThatThrownBy(() -> routes.await(Colour.GREEN, within(Duration.ofMillis(600))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not acknowledge its database in time")
        .hasMessageContaining("generation 1");
    acknowledge(Colour.GREEN, Colour.GREEN, 2);
    assertThat(routes.await(Colour.GREEN, within(Duration.ofSeconds(5)))).contains("generation 2");
  }

  @Test
  void aConsoleThatWasDeposedTellsNobodyAnything() throws Exception {
    routes.point(Colour.BLUE, 7);
    assertThatThrownBy(() -> routes.point(Colour.BLUE, 6)).isInstanceOf(DeposedException.class);
    assertThat(route.generation(Colour.BLUE)).isEqualTo(1);
  }

  @Test
  void anApplicationThatCannotSayItIsNotWaitedFor() throws Exception {
    Map<Colour, StackFile> mute = new EnumMap<>(Colour.class);
    route
        .stacks()
        .forEach((colour, file) ->
            mute.put(
                colour,
                new StackFile(file.path(), file.user(), file.password(), Optional.empty())));
    try (Routes silent =
        new Routes(
            List.of(new FileRoute(mute, route.addresses(), probe)),
            List.of(),
            colour -> Optional.empty(),
            Duration.ofSeconds(1))) {
      silent.point(Colour.GREEN, 1);
      assertThat(silent.await(Colour.GREEN, within(Duration.ofSeconds(5)))).isEmpty();
      assertThat(silent.seen(Colour.GREEN).told()).isFalse();
      assertThat(silent.view(Colour.GREEN)).isEmpty();
    }
  }

  /// A step that waits so long.
  private static StepContext within(Duration patience) {
    return new StepRun(1, Move.to(Colour.GREEN), patience);
  }
}
