package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.environment.DatabaseSettings.RouteSettings;
import dev.signalbox.engine.postgres.Identity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/// A program of the operator leads applications to a side, for example by a name in DNS. A second
/// one may tell where they are led: that is the proof. Without it arrival is not proven, and the
/// first one is run whenever it may not have been.
public record CommandRoute(RouteSettings.Command settings, Map<Colour, SideAddress> sides)
    implements SwitchedRoute {
  /// A program is not started every second.
  private static final Duration SELDOM = Duration.ofSeconds(5);

  @Override
  public String name() {
    return "command " + settings.run().getFirst();
  }

  @Override
  public Duration every(Duration poll) {
    return poll.compareTo(SELDOM) < 0 ? SELDOM : poll;
  }

  @Override
  public Duration longest() {
    return settings.timeout().multipliedBy(3);
  }

  @Override
  public RouteSight look(Function<Colour, Optional<Identity>> identities)
      throws InterruptedException {
    if (settings.check().isEmpty()) {
      return new RouteSight(
          Instant.now(),
          false,
          Optional.empty(),
          false,
          true,
          "",
          name() + " has no 'check', so where it leads is not proven");
    }
    try {
      Colour side = seen();
      return RouteSight.leading(side, false, settings.check().getFirst() + " says " + side);
    } catch (IOException e) {
      return RouteSight.wrong(String.valueOf(e.getMessage()).replaceAll("\\.$", ""));
    }
  }

  private Colour seen() throws IOException, InterruptedException {
    String said = new CommandRun(settings.check(), settings.timeout()).output();
    for (Colour colour : Colour.values()) {
      if (colour.id().equals(said.strip().toLowerCase(Locale.ROOT))) {
        return colour;
      }
    }
    throw new IOException(
        "The command "
            + settings.check().getFirst()
            + " must print 'blue' or 'green', not '"
            + CommandRun.brief(said)
            + "'.");
  }

  @Override
  public String point(Colour to, long epoch) throws IOException, InterruptedException {
    if (!settings.check().isEmpty() && seen() == to) {
      return settings.check().getFirst() + " says " + to;
    }
    SideAddress side = Objects.requireNonNull(sides.get(to));
    List<String> words =
        settings.run().stream()
            .map(word ->
                word.replace("{colour}", to.id())
                    .replace("{host}", side.host())
                    .replace("{port}", Integer.toString(side.port()))
                    .replace("{database}", side.database())
                    .replace("{epoch}", Long.toString(epoch)))
            .toList();
    String said = CommandRun.brief(new CommandRun(words, settings.timeout()).output());
    String done = name() + " ended well" + (said.isEmpty() ? "" : ": '" + said + "'");
    return settings.check().isEmpty() ? done + "; arrival is not proven by it" : done + awaited(to);
  }

  /// What it changed may take a while to be seen.
  private String awaited(Colour to) throws IOException, InterruptedException {
    Instant until = Instant.now().plus(settings.timeout());
    while (true) {
      Colour seen = seen();
      if (seen == to) {
        return "; " + settings.check().getFirst() + " says " + to;
      } else if (Instant.now().isAfter(until)) {
        throw new IOException(
            name()
                + " ended well, but "
                + settings.check().getFirst()
                + " still says "
                + seen
                + ".");
      }
      Thread.sleep(100);
    }
  }
}
