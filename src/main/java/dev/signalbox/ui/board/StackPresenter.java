package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.board.StackPresentation.Part;
import dev.signalbox.ui.board.StackPresentation.Row;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes a stack's card of a snapshot. A plane that the environment does not have is left out.
final class StackPresenter {
  private StackPresenter() {}

  static StackPresentation of(EngineSnapshot state, Colour colour, Instant now) {
    Validity validity = Validity.of(state, now);
    ApplicationView application = state.application();
    ApplicationView.Stack stack = application == null ? null : application.stacks().get(colour);
    boolean stale = application != null && !validity.application();
    List<DatabaseSide> sides = DatabaseSide.of(state, colour, validity, now);
    Colour seenLive = validity.fresh() ? state.live() : null;
    Boolean live = seenLive == null ? null : seenLive == colour;
    return new StackPresentation(
        colour,
        version(stack, state.release(), colour),
        live,
        badge(state, live, sides),
        CardFigures.of(state, stale ? null : application, sides, colour),
        state.mayHave(ApplicationView.class)
            ? application(state, application, stack, colour, stale, now)
            : null,
        parts(state, colour, sides, now));
  }

  private static Part application(
      EngineSnapshot state,
      @Nullable ApplicationView application,
      ApplicationView.@Nullable Stack stack,
      Colour colour,
      boolean stale,
      Instant now) {
    return new Part(
        "",
        stack == null || application == null
            ? Messages.text("stack.application.none")
            : Age.warning(
                DatabaseSide.older(application.at(), state.at()), now, state.pollInterval()),
        stale,
        stack == null ? List.of() : EndpointRows.of(state, stack, colour, stale),
        List.of());
  }

  private static List<Part> parts(
      EngineSnapshot state, Colour colour, List<DatabaseSide> sides, Instant now) {
    boolean several = sides.size() > 1;
    List<Part> parts = new ArrayList<>();
    List<Row> tables = new ArrayList<>();
    for (DatabaseSide side : sides) {
      Server server = side.server();
      List<Row> its = TableRows.of(side, state, several, now);
      parts.add(
          new Part(
              side.database().name(),
              side.sentence(state, now),
              side.stale(),
              server == null ? List.of() : ServerRows.of(state, server, side.stale()),
              several ? List.of() : its));
      tables.addAll(its);
    }
    if (several) {
      // Below all of them: no database is out of validity for the tables of another.
      parts.add(new Part(Messages.text("tables.title"), "", false, tables, List.of()));
    }
    if (parts.isEmpty() && state.mayHave(DatabaseView.class)) {
      parts.add(new Part("", Messages.text("stack.database.none"), false, List.of(), List.of()));
    } else if (parts.isEmpty() && !state.mayHave(ApplicationView.class)) {
      parts.add(EngineRows.of(state, colour, now));
    }
    return List.copyOf(parts);
  }

  private static String version(
      ApplicationView.@Nullable Stack stack, @Nullable ReleaseView release, Colour colour) {
    if (stack != null && !stack.version().isEmpty()) {
      return stack.version();
    }
    return release != null && release.target() == colour && release.endedAt() == null
        ? Messages.text("stack.version.coming", release.version())
        : "";
  }

  private static String badge(
      EngineSnapshot state, @Nullable Boolean live, List<DatabaseSide> sides) {
    String role =
        live == null
            ? Messages.text("stack.unknown")
            : Messages.text(live ? "stack.live" : "stack.standby");
    if (!state.mayHave(DatabaseView.class)) {
      return role;
    } else if (sides.isEmpty()) {
      return joined(live, role, Messages.text("access.unasked"));
    }
    DatabaseSide worst = sides.getFirst();
    boolean same = sides.stream().allMatch(side -> access(side).equals(access(worst)));
    String access =
        same
            ? access(worst)
            : Messages.text("stack.access.of", worst.database().name(), access(worst));
    return worst.answers() ? role + " · " + access : joined(live, role, access);
  }

  private static String joined(@Nullable Boolean live, String role, String silent) {
    return live == null ? silent : role + " · " + silent;
  }

  private static String access(DatabaseSide side) {
    Server server = side.server();
    if (server == null || !side.answers()) {
      return Messages.text(server == null || !server.asked() ? "access.unasked" : "access.silent");
    }
    return Messages.text("access." + server.access().name().toLowerCase(Locale.ROOT));
  }
}
