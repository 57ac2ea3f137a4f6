package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.StackFile;
import dev.signalbox.engine.http.Probe;
import dev.signalbox.engine.postgres.Identity;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// One file that all applications watch, whatever their stack: a move writes it anew. Without an
/// address where they acknowledge their database, that they follow is not proven.
///
/// @param addresses JDBC address of each side's database, as the applications reach it, without
///   user and password
public record SharedFileRoute(StackFile settings, Map<Colour, String> addresses, Probe probe)
    implements SwitchedRoute {
  private static final Duration ASK = Duration.ofMillis(1500);

  @Override
  public String name() {
    return "database file " + settings.path();
  }

  private DatabaseFile file() {
    return new DatabaseFile(settings.path());
  }

  /// Before a release nobody may have written it yet.
  @Override
  public void prepare(Colour live, long epoch) throws IOException {
    var _ = point(live, epoch);
  }

  @Override
  public RouteSight look(Function<Colour, Optional<Identity>> identities)
      throws InterruptedException {
    try {
      Optional<DatabaseFile.Content> content = file().read();
      String shut = shut();
      if (content.isEmpty() || !shut.isEmpty()) {
        return RouteSight.wrong(
            shut.isEmpty() ? settings.path() + " is not there yet: Prepare writes it" : shut);
      }
      Colour side = content.get().target().colour();
      Optional<URI> address = settings.acknowledge();
      if (address.isEmpty()) {
        return RouteSight.leading(
            side,
            false,
            settings.path() + " names " + side + "; its readers cannot acknowledge it");
      }
      Probe.Answer answer = probe.get(address.get(), ASK);
      return judged(
          side,
          content.get().generation(),
          Acknowledgement.of(answer.status(), answer.body()),
          identities);
    } catch (IOException e) {
      return RouteSight.wrong(String.valueOf(e.getMessage()).replaceAll("\\.$", ""));
    }
  }

  private RouteSight judged(
      Colour side,
      long generation,
      Acknowledgement said,
      Function<Colour, Optional<Identity>> identities) {
    String problem = said.problem();
    if (problem.isEmpty() && identities.apply(side).isEmpty()) {
      problem = "which database is " + side + "'s is not known: it does not answer the console";
    } else if (problem.isEmpty() && !identities.apply(side).equals(Optional.of(said.identity()))) {
      problem =
          "the applications are connected to '"
              + said.identity().database()
              + "' of another server, not to "
              + side
              + ", which "
              + settings.path()
              + " names";
    } else if (problem.isEmpty() && said.generation() < generation) {
      problem =
          "the applications still use generation "
              + said.generation()
              + " of "
              + settings.path()
              + ", the newest is "
              + generation;
    }
    return new RouteSight(
        Instant.now(),
        true,
        Optional.of(side),
        false,
        true,
        problem,
        "the applications acknowledged '"
            + said.identity().database()
            + "' of system "
            + said.identity().systemIdentifier()
            + ", generation "
            + said.generation());
  }

  /// Why it cannot be written; empty when it can, as far as can be seen without writing.
  private String shut() {
    Path folder = settings.path().toAbsolutePath().getParent();
    return folder != null && Files.exists(folder) && !Files.isWritable(folder)
        ? "the folder of " + settings.path() + " cannot be written by the user of this console"
        : "";
  }

  @Override
  public String point(Colour to, long epoch) throws IOException {
    DatabaseFile file = file();
    long generation =
        file.write(
            new DatabaseTarget(
                to,
                Objects.requireNonNull(addresses.get(to)),
                settings.user(),
                file.passwordFile(settings.password())),
            epoch);
    return settings.path() + " names " + to + ", generation " + generation;
  }
}
