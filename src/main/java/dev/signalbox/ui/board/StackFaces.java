package dev.signalbox.ui.board;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
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
import dev.signalbox.ui.fx.Sight;
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
    Sight sight = Sight.of(state, now);
    Colour seenLive = sight.fresh() ? state.live() : null;
    Boolean live = seenLive == null ? null : seenLive == colour;
    boolean applicationStale = application != null && !sight.application();
    boolean databaseStale =
        server != null && !(sight.fresh() && Sight.answers(server, now, state.pollInterval()));
    return new StackFace(
        colour,
        version(stack, state.release(), colour),
        live,
        badge(live, server, databaseStale),
        figures(applicationStale ? null : application, databaseStale ? null : server, colour),
        endpoints(
            stack,
            database == null ? null : database.applications().get(colour),
            Coming.is(state, colour),
            applicationStale),
        server == null ? List.of() : server(state, server, databaseStale),
        server == null || database == null
            ? List.of()
            : tables(database, server, state, databaseStale, sight.databases(), now),
        stack == null || application == null
            ? Messages.text("stack.application.none")
            : Age.warning(older(application.at(), state.at()), now, state.pollInterval()),
        applicationStale,
        server == null
            ? Messages.text("stack.database.none")
            : databaseSentence(server, state.at(), now, state.pollInterval()),
        databaseStale);
  }

  /// A view is no newer than the snapshot that carries it.
  private static Instant older(Instant view, Instant snapshot) {
    return view.isBefore(snapshot) ? view : snapshot;
  }

  private static String databaseSentence(
      Server server, Instant published, Instant now, Duration poll) {
    if (server.reachable()) {
      return Age.warning(older(server.at(), published), now, poll);
    }
    return server.at().equals(Instant.EPOCH)
        ? Messages.text("stack.database.never", server.problem())
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

  private static String badge(@Nullable Boolean live, @Nullable Server server, boolean stale) {
    String role =
        live == null
            ? Messages.text("stack.unknown")
            : Messages.text(live ? "stack.live" : "stack.standby");
    if (server == null || stale || !server.reachable()) {
      boolean unasked = server == null || !server.asked();
      String silent = Messages.text(unasked ? "access.unasked" : "access.silent");
      return live == null ? silent : role + " · " + silent;
    }
    return role
        + " · "
        + Messages.text("access." + server.access().name().toLowerCase(Locale.ROOT));
  }

  private static List<Figure> figures(
      @Nullable ApplicationView application, @Nullable Server server, Colour colour) {
    ApplicationView.Traffic traffic =
        application == null || !application.router().reachable()
            ? null
            : application.router().traffic().get(colour);
    boolean idle = traffic == null || traffic.requestsPerSecond() == 0;
    boolean silent = server == null || !server.reachable();
    boolean longOpen = server != null && server.oldestTransaction().compareTo(LONG_TRANSACTION) > 0;
    return List.of(
        figure("figure.traffic", traffic == null ? NONE : Format.percent(traffic.share()), Sign.OK),
        figure(
            "figure.requests",
            traffic == null ? NONE : Format.rate(traffic.requestsPerSecond()),
            Sign.OK),
        figure(
            "figure.p95", traffic == null || idle ? NONE : Format.duration(traffic.p95()), Sign.OK),
        figure(
            "figure.errors",
            traffic == null || idle ? NONE : Format.finePercent(traffic.errorShare()),
            traffic != null && traffic.errorShare() > ERRORS_BAD ? Sign.BAD : Sign.OK),
        figure(
            "figure.connections",
            server == null || silent ? NONE : Format.count(server.connections()),
            Sign.OK),
        figure(
            "figure.transactions",
            server == null || silent ? NONE : Format.count(server.openTransactions()),
            longOpen ? Sign.PENDING : Sign.OK));
  }

  private static Figure figure(String key, String value, Sign sign) {
    return new Figure(Messages.text(key), value, value.equals(NONE) ? Sign.UNKNOWN : sign);
  }

  private static List<Row> endpoints(
      ApplicationView.@Nullable Stack stack,
      DatabaseView.@Nullable Application said,
      boolean comes,
      boolean stale) {
    if (stack == null) {
      return List.of();
    }
    List<Row> rows = new ArrayList<>();
    for (ApplicationView.Endpoint endpoint : stack.endpoints()) {
      if (stale) {
        rows.add(
            new Row(
                endpoint.name(),
                Sign.UNKNOWN,
                Messages.text("health.old"),
                "",
                "",
                endpoint.address()));
        continue;
      }
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
    Colour used = said == null ? null : said.acknowledged();
    if (said != null && used != null && !stale) {
      rows.add(
          new Row(
              Messages.text("stack.uses"),
              null,
              "",
              Words.marked(used),
              "",
              Messages.text("stack.uses.hint", Format.count(said.generation()))));
    }
    return rows;
  }

  private static List<Row> server(EngineSnapshot state, Server server, boolean stale) {
    List<Row> rows = new ArrayList<>();
    String name =
        server.serverVersion().isEmpty()
            ? Messages.text("server.postgres")
            : Messages.text("server.postgres.version", server.serverVersion());
    if (!server.reachable() || stale) {
      rows.add(
          new Row(
              name,
              server.reachable() || !server.asked() ? Sign.UNKNOWN : Sign.BAD,
              Messages.text(
                  server.reachable()
                      ? "health.old"
                      : server.asked() ? "server.silent" : "server.unasked"),
              "",
              "",
              ""));
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
    boolean unknown = server.pendingMigrations() < 0 && !shown.equals(NONE);
    return new Row(
        Messages.text("server.schema"),
        null,
        "",
        shown,
        "",
        unknown ? Messages.text("server.schema.unknown") : "");
  }

  /// @param stale whether this server did not answer lately
  /// @param compared whether the comparison can be believed, which needs both servers
  private static List<Row> tables(
      DatabaseView database,
      Server server,
      EngineSnapshot state,
      boolean stale,
      boolean compared,
      Instant now) {
    ReleaseView release = state.release();
    boolean target =
        release != null && release.endedAt() == null && release.target() == server.colour();
    List<Row> rows = new ArrayList<>();
    for (DatabaseView.TableSize size :
        server.largest().subList(0, Math.min(TABLES, server.largest().size()))) {
      TableVerdict verdict =
          stale
              ? TableVerdict.of(Sign.UNKNOWN, "compare.old")
              : release == null || !target
                  ? TableVerdict.NONE
                  : compared ? verdict(database, size, release, now) : TableVerdict.UNKNOWN;
      rows.add(
          new Row(
              size.table().toString(),
              verdict.sign(),
              verdict.word(),
              Format.count(size.rows()),
              "",
              Messages.text("table.hint", size.table(), Format.bytes(size.bytes()))
                  + verdict.hint()));
    }
    return rows;
  }

  private static TableVerdict verdict(
      DatabaseView database, DatabaseView.TableSize size, ReleaseView release, Instant now) {
    TableProgress progress = progress(database, size);
    return progress != null && progress.copiedRows() < progress.totalRows()
        ? new TableVerdict(
            Sign.PENDING, Format.percent((double) progress.copiedRows() / progress.totalRows()), "")
        : TableVerdict.of(database, size.table(), release, now);
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
}
