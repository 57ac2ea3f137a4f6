package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.DatabaseView.TableProgress;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.board.StackFace.Figure;
import dev.signalbox.ui.board.StackFace.Row;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Age;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Makes a stack's card of a snapshot.
final class StackFaces {
  private static final int TABLES = 5;
  private static final double ERRORS_BAD = 0.01;
  private static final Duration LONG_TRANSACTION = Duration.ofSeconds(5);
  private static final String NONE = "–";

  private StackFaces() {}

  static StackFace of(EngineSnapshot state, Colour colour, Instant now) {
    ApplicationView application = state.application();
    DatabaseView database = state.database();
    ApplicationView.Stack stack = application == null ? null : application.stacks().get(colour);
    Server server = database == null ? null : database.servers().get(colour);
    Boolean live = state.live() == null ? null : state.live() == colour;
    boolean applicationStale =
        application != null && Age.isStale(application.at(), now, state.pollInterval());
    boolean databaseStale = server != null && Age.isStale(server.at(), now, state.pollInterval());
    return new StackFace(
        colour,
        version(stack, state.release(), colour),
        live,
        badge(live, server),
        figures(application, server, colour),
        endpoints(stack, comes(state, colour)),
        server == null ? List.of() : server(state, server),
        server == null || database == null ? List.of() : tables(database, server, state),
        stack == null || application == null
            ? Messages.text("stack.application.none")
            : Age.warning(application.at(), now, state.pollInterval()),
        applicationStale,
        server == null
            ? Messages.text("stack.database.none")
            : databaseSentence(server, now, state.pollInterval()),
        databaseStale || (server != null && !server.reachable()));
  }

  private static String databaseSentence(Server server, Instant now, Duration poll) {
    return server.reachable()
        ? Age.warning(server.at(), now, poll)
        : Messages.text("stack.database.silent", Format.utc(server.at()), server.problem());
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

  private static String badge(@Nullable Boolean live, @Nullable Server server) {
    String role =
        live == null
            ? Messages.text("stack.unknown")
            : Messages.text(live ? "stack.live" : "stack.standby");
    String access =
        server == null || !server.reachable()
            ? Messages.text("access.unknown")
            : Messages.text("access." + server.access().name().toLowerCase(Locale.ROOT));
    return role + " · " + access;
  }

  private static List<Figure> figures(
      @Nullable ApplicationView application, @Nullable Server server, Colour colour) {
    ApplicationView.Traffic traffic =
        application == null ? null : application.router().traffic().get(colour);
    boolean idle = traffic == null || traffic.requestsPerSecond() == 0;
    boolean silent = server == null || !server.reachable();
    boolean longOpen = server != null && server.oldestTransaction().compareTo(LONG_TRANSACTION) > 0;
    return List.of(
        new Figure(
            Messages.text("figure.traffic"),
            traffic == null ? NONE : Format.percent(traffic.share()),
            Sign.OK),
        new Figure(
            Messages.text("figure.requests"),
            traffic == null ? NONE : Format.rate(traffic.requestsPerSecond()),
            Sign.OK),
        new Figure(
            Messages.text("figure.p95"),
            traffic == null || idle ? NONE : Format.duration(traffic.p95()),
            Sign.OK),
        new Figure(
            Messages.text("figure.errors"),
            traffic == null || idle ? NONE : Format.finePercent(traffic.errorShare()),
            traffic != null && traffic.errorShare() > ERRORS_BAD ? Sign.BAD : Sign.OK),
        new Figure(
            Messages.text("figure.connections"),
            server == null || silent ? NONE : Format.count(server.connections()),
            Sign.OK),
        new Figure(
            Messages.text("figure.transactions"),
            server == null || silent ? NONE : Format.count(server.openTransactions()),
            longOpen ? Sign.PENDING : Sign.OK));
  }

  /// Whether this stack is still being made ready: what fails there is expected to.
  private static boolean comes(EngineSnapshot state, Colour colour) {
    ReleaseView release = state.release();
    return release != null
        && release.target() == colour
        && release.status() instanceof ReleaseView.Status.Running
        && release.moves().isEmpty();
  }

  private static List<Row> endpoints(ApplicationView.@Nullable Stack stack, boolean comes) {
    if (stack == null) {
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    for (ApplicationView.Endpoint endpoint : stack.endpoints()) {
      boolean expected = comes && endpoint.health() == Health.UNHEALTHY;
      boolean answers = endpoint.detail().isEmpty() && !endpoint.latency().isZero();
      rows.add(
          new Row(
              endpoint.name(),
              expected ? Sign.PENDING : HealthWords.sign(endpoint),
              expected ? Messages.text("health.coming") : HealthWords.health(endpoint),
              answers ? Format.duration(endpoint.latency()) : "",
              expected ? "" : endpoint.detail(),
              expected
                  ? endpoint.detail()
                  : Messages.text(
                      "endpoint.hint", endpoint.address(), Format.count(endpoint.streak()))));
    }
    Colour used = stack.databaseAcknowledged();
    if (used != null) {
      rows.add(
          new Row(
              Messages.text("stack.uses"),
              null,
              "",
              Words.marked(used),
              "",
              Messages.text("stack.uses.hint", Format.count(stack.databaseGeneration()))));
    }
    return rows;
  }

  private static List<Row> server(EngineSnapshot state, Server server) {
    List<Row> rows = new ArrayList<>();
    String name =
        server.serverVersion().isEmpty()
            ? Messages.text("server.postgres")
            : Messages.text("server.postgres.version", server.serverVersion());
    if (!server.reachable()) {
      rows.add(new Row(name, Sign.BAD, Messages.text("server.silent"), "", "", ""));
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
    if (server.oldestTransaction().compareTo(LONG_TRANSACTION) > 0) {
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
    return new Row(Messages.text("server.schema"), null, "", shown, "", "");
  }

  private static List<Row> tables(DatabaseView database, Server server, EngineSnapshot state) {
    ReleaseView release = state.release();
    boolean target = release != null && release.target() == server.colour();
    List<Row> rows = new ArrayList<>();
    for (DatabaseView.TableSize size :
        server.largest().subList(0, Math.min(TABLES, server.largest().size()))) {
      TableProgress progress = target ? progress(database, size) : null;
      boolean copying = progress != null && progress.copiedRows() < progress.totalRows();
      rows.add(
          new Row(
              size.table().toString(),
              copying ? Sign.PENDING : target ? comparison(database.consistency()) : null,
              copying && progress != null
                  ? Format.percent((double) progress.copiedRows() / progress.totalRows())
                  : target ? comparisonWord(database.consistency()) : "",
              Format.count(size.rows()),
              "",
              Messages.text("table.hint", size.table(), Format.bytes(size.bytes()))));
    }
    return rows;
  }

  private static @Nullable TableProgress progress(
      DatabaseView database, DatabaseView.TableSize size) {
    for (TableProgress progress : database.replication().tables()) {
      if (progress.table().equals(size.table())) {
        return progress.state().equals("streaming") ? null : progress;
      }
    }
    return null;
  }

  private static @Nullable Sign comparison(Consistency consistency) {
    return switch (consistency.state()) {
      case NOT_RUN -> null;
      case RUNNING -> Sign.PENDING;
      case IDENTICAL -> Sign.OK;
      case DIFFERENT, FAILED -> Sign.BAD;
    };
  }

  private static String comparisonWord(Consistency consistency) {
    return switch (consistency.state()) {
      case NOT_RUN -> "";
      case RUNNING -> Messages.text("compare.running");
      case IDENTICAL -> Messages.text("compare.identical");
      case DIFFERENT -> Messages.text("compare.different");
      case FAILED -> Messages.text("compare.failed");
    };
  }
}
