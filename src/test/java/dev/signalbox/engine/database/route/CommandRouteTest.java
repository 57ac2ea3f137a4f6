package dev.signalbox.engine.database.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real programs.
@Timeout(30)
class CommandRouteTest {
  private static final Map<Colour, SideAddress> SIDES =
      Map.of(
          Colour.BLUE,
          new SideAddress("db-blue", 5432, "bank"),
          Colour.GREEN,
          new SideAddress("db-green", 5433, "ba nk"));

  @TempDir Path folder;

  private CommandRoute route(List<String> run, List<String> check) {
    return new CommandRoute(new RouteSettings.Command(run, check, Duration.ofMillis(700)), SIDES);
  }

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script);
  }

  private RouteSight look(CommandRoute route) throws InterruptedException {
    return route.look(colour -> Optional.empty());
  }

  @Test
  void wordsAreFilledInWithoutAShellAndTheCheckIsTheProof() throws Exception {
    Path place = folder.resolve("place");
    Files.writeString(place, "blue\n");
    CommandRoute route =
        route(
            List.of(
                "/bin/sh",
                "-c",
                "echo \"$@\" > '" + folder.resolve("words") + "'; echo $1 > '" + place + "'",
                "x",
                "{colour}",
                "{host}:{port}",
                "{database}; $HOME",
                "{epoch}",
                "{other}"),
            List.of("cat", place.toString()));
    assertThat(look(route).leads()).contains(Colour.BLUE);
    assertThat(route.point(Colour.GREEN, 7))
        .isEqualTo("command /bin/sh ended well; cat says green");
    assertThat(folder.resolve("words")).hasContent("green db-green:5433 ba nk; $HOME 7 {other}");
    assertThat(look(route).objection(Colour.GREEN)).isEmpty();
    Files.delete(folder.resolve("words"));
    assertThat(route.point(Colour.GREEN, 7)).isEqualTo("cat says green");
    assertThat(folder.resolve("words")).as("run again for nothing").doesNotExist();
  }

  @Test
  void withoutACheckItIsSaidThatNothingIsProven() throws Exception {
    CommandRoute route = route(shell("echo one; echo ' two\u0007 '; echo"), List.of());
    assertThat(look(route).told()).isFalse();
    assertThat(look(route).objection(Colour.GREEN)).isEmpty();
    assertThat(look(route).evidence()).contains("not proven");
    assertThat(route.point(Colour.GREEN, 1))
        .isEqualTo("command /bin/sh ended well: 'two�'; arrival is not proven by it");
  }

  @Test
  void whatFailsIsSaidInASentence() throws Exception {
    assertThatThrownBy(
            () -> route(shell("echo no rights >&2; exit 3"), List.of()).point(Colour.BLUE, 1))
        .isInstanceOf(IOException.class)
        .hasMessage("The command /bin/sh ended with 3: 'no rights'.");
    assertThatThrownBy(() -> route(List.of("/no/such"), List.of()).point(Colour.BLUE, 1))
        .hasMessageContaining("The command /no/such does not start: ");
    assertThat(look(route(List.of("true"), shell("echo purple"))).problem())
        .isEqualTo("The command /bin/sh must print 'blue' or 'green', not 'purple'");
    assertThatThrownBy(() -> route(List.of("true"), shell("echo blue")).point(Colour.GREEN, 1))
        .hasMessage("command true ended well, but /bin/sh still says blue.");
  }

  @Test
  void oneThatHangsIsEndedWithItsChildren() throws Exception {
    Path pid = folder.resolve("pid");
    CommandRoute route = route(shell("sleep 60 & echo $! > '" + pid + "'; wait"), List.of());
    long start = System.nanoTime();
    assertThatThrownBy(() -> route.point(Colour.BLUE, 1))
        .hasMessageContaining("did not end within 700 ms and was ended");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    long child = Long.parseLong(Files.readString(pid).strip());
    Await.until(
        "its child is gone",
        () -> ProcessHandle.of(child).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void theConsolesOwnVariablesStayItsOwn() throws Exception {
    Path seen = folder.resolve("seen");
    route(shell("env > '" + seen + "'"), List.of()).point(Colour.BLUE, 1);
    assertThat(System.getenv()).containsKey("JAVA_HOME");
    assertThat(Files.readString(seen)).contains("PATH=").doesNotContain("JAVA_HOME=");
  }
}
