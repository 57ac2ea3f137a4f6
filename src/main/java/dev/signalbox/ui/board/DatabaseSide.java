package dev.signalbox.ui.board;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Access;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One database as a stack has it.
///
/// @param server null when nothing is known of it
/// @param stale whether what is known of it may be overtaken
/// @param compared whether a comparison can be believed, which needs both servers
record DatabaseSide(
    DatabaseView database, @Nullable Server server, boolean stale, boolean compared) {
  /// The one in the worst state first; else in the order of the environment.
  static List<DatabaseSide> of(
      EngineSnapshot state, Colour colour, Validity validity, Instant now) {
    Access usual = state.live() == colour ? Access.READ_WRITE : Access.FENCED;
    return state.databases().stream()
        .map(database -> of(database, state, colour, validity, now))
        .sorted(Comparator.comparingInt(side -> side.rank(usual)))
        .toList();
  }

  private static DatabaseSide of(
      DatabaseView database, EngineSnapshot state, Colour colour, Validity validity, Instant now) {
    Server server = database.servers().get(colour);
    boolean stale =
        server != null
            && !(validity.fresh() && Validity.answers(server, now, state.pollInterval()));
    return new DatabaseSide(database, server, stale, validity.sees(database));
  }

  private int rank(Access usual) {
    if (server == null || !server.asked()) {
      return 1;
    } else if (stale || !server.reachable()) {
      return 0;
    }
    return server.access() == Access.UNKNOWN ? 2 : server.access() == usual ? 4 : 3;
  }

  /// Whether its server answered lately.
  boolean answers() {
    return server != null && server.reachable() && !stale;
  }

  /// Why nothing, or only what was so once, is known of it; empty otherwise.
  String sentence(EngineSnapshot state, Instant now) {
    if (server == null) {
      return Messages.text("stack.database.none");
    } else if (server.reachable()) {
      return Age.warning(older(server.at(), state.at()), now, state.pollInterval());
    }
    return server.at().equals(Instant.EPOCH)
        ? Messages.text("stack.database.never", server.problem())
        : Messages.text("stack.database.silent", Format.utc(server.at()), server.problem());
  }

  /// A view is no newer than the snapshot that carries it.
  static Instant older(Instant view, Instant snapshot) {
    return view.isBefore(snapshot) ? view : snapshot;
  }
}
