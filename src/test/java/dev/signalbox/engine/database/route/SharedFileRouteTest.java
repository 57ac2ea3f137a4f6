package dev.signalbox.engine.database.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.application.TestStack;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.environment.SecretSource;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.release.DeposedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A real file and an application that answers over HTTP.
class SharedFileRouteTest {
  @TempDir Path folder;
  private final Probe probe = new Probe();
  private TestStack application;
  private Path file;

  @BeforeEach
  void start() throws Exception {
    application = new TestStack(Colour.BLUE);
    // The first question of a process takes its time, more than the product allows.
    assertThat(probe.get(application.address(), Duration.ofSeconds(30)).status()).isPositive();
    file = folder.resolve("database.properties");
  }

  @AfterEach
  void stop() {
    application.close();
    probe.close();
  }

  private SharedFileRoute route(boolean acknowledges) {
    return new SharedFileRoute(
        new StackFile(
            file,
            "app",
            new SecretSource.InFile(folder.resolve("password")),
            acknowledges
                ? Optional.of(application.address().resolve("/api/health/db"))
                : Optional.empty()),
        Map.of(Colour.BLUE, "jdbc:postgresql://b/bank", Colour.GREEN, "jdbc:postgresql://g/bank"),
        probe);
  }

  private void acknowledge(Colour database, int generation) {
    application.database =
        """
        {"database":{"generation":%d,"systemIdentifier":"system-%s","name":"bank"}}\
        """
            .formatted(generation, database);
  }

  private RouteSight look(SharedFileRoute route) throws InterruptedException {
    return route.look(colour -> Optional.of(new Identity("system-" + colour, "bank")));
  }

  @Test
  void theAcknowledgementProvesThatApplicationsFollow() throws Exception {
    SharedFileRoute route = route(true);
    acknowledge(Colour.BLUE, 1);
    assertThat(look(route).problem()).isEqualTo(file + " is not there yet: Prepare writes it");
    route.prepare(Colour.BLUE, 3);
    assertThat(look(route).objection(Colour.BLUE)).isEmpty();
    assertThat(look(route).evidence()).contains("acknowledged 'bank' of system system-blue");

    assertThat(route.point(Colour.GREEN, 3)).isEqualTo(file + " names green, generation 2");
    assertThat(Files.readString(file)).contains("url=jdbc:postgresql://g/bank", "colour=green");
    assertThat(look(route).objection(Colour.GREEN)).contains("not to green, which " + file);
    acknowledge(Colour.GREEN, 1);
    assertThat(look(route).objection(Colour.GREEN)).contains("still use generation 1");
    acknowledge(Colour.GREEN, 2);
    assertThat(look(route).objection(Colour.GREEN)).isEmpty();
    assertThat(look(route).objection(Colour.BLUE)).isEqualTo("it leads to green, not to blue");

    assertThatThrownBy(() -> route.point(Colour.BLUE, 2)).isInstanceOf(DeposedException.class);
    assertThat(look(route).leads()).contains(Colour.GREEN);
  }

  @Test
  void withoutAnAcknowledgementTheFileIsBelieved() throws Exception {
    SharedFileRoute route = route(false);
    route.point(Colour.GREEN, 1);
    assertThat(look(route).objection(Colour.GREEN)).isEmpty();
    assertThat(look(route).evidence()).contains("its readers cannot acknowledge it");
  }
}
