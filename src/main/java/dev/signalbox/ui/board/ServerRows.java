package dev.signalbox.ui.board;

import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.board.StackPresentation.Row;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a stack's card says of a database server.
final class ServerRows {
  private static final Duration LONG_TRANSACTION = Duration.ofSeconds(5);
  private static final String NONE = "–";

  private ServerRows() {}

  static boolean isLongOpen(Server server) {
    return server.oldestTransaction().compareTo(LONG_TRANSACTION) > 0;
  }

  static List<Row> of(EngineSnapshot state, Server server, boolean stale) {
    List<Row> rows = new ArrayList<>();
    String name =
        server.serverVersion().isEmpty()
            ? Messages.text("server.postgres")
            : Messages.text("server.postgres.version", server.serverVersion());
    if (!server.reachable() || stale) {
      rows.add(silent(server, name));
      return rows;
    }
    String position = server.position() == null ? NONE : server.position().toString();
    rows.add(
        new Row(
            name,
            null,
            "",
            position + " · " + Format.bytes(server.size()),
            "",
            Messages.text("server.hint", Format.rate(server.transactionsPerSecond()))));
    rows.add(schema(state, server));
    if (isLongOpen(server)) {
      rows.add(
          new Row(
              Messages.text("server.oldest"),
              Sign.PENDING,
              Messages.text("server.oldest.long"),
              Format.duration(server.oldestTransaction()),
              "",
              Messages.text("server.oldest.hint")));
    }
    return rows;
  }

  private static Row silent(Server server, String name) {
    boolean failed = !server.reachable() && server.asked();
    return new Row(
        name,
        failed ? Sign.BAD : Sign.UNKNOWN,
        Messages.text(
            server.reachable() ? "health.old" : failed ? "server.silent" : "server.unasked"),
        "",
        "",
        "");
  }

  private static Row schema(EngineSnapshot state, Server server) {
    ReleaseView release = state.release();
    String shown = server.schemaVersion().isEmpty() ? NONE : server.schemaVersion();
    boolean awaited =
        release != null
            && release.endedAt() == null
            && release.target() == server.colour()
            && server.pendingMigrations() > 0;
    if (awaited) {
      String pending = Format.count(server.pendingMigrations());
      return new Row(
          Messages.text("server.schema"),
          Sign.PENDING,
          "",
          Messages.text("server.schema.pending", shown, pending),
          "",
          Messages.text("server.schema.pending.hint", pending));
    }
    boolean unknown = server.pendingMigrations() < 0 && !shown.equals(NONE);
    return new Row(
        Messages.text("server.schema"),
        null,
        "",
        shown,
        "",
        unknown ? Messages.text("server.schema.unknown") : "");
  }
}
