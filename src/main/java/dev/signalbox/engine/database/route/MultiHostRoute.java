package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.pair.PlaneValues;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.Identifiers;
import dev.signalbox.engine.postgres.Identity;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.postgres.Unreachable;
import dev.signalbox.engine.postgres.Verbatim;
import dev.signalbox.engine.release.DeposedException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Applications name both servers and look for the one that takes writes: `host=a,b
/// target_session_attrs=read-write` (libpq) or `targetServerType=primary` (JDBC). Both drivers ask
/// for `default_transaction_read_only`, so the database of the closed side says `on`, for new
/// sessions. An open session stays where it is: those of the old side are cut off.
///
/// What was set before is kept in table `signalbox.plane` of that side. Replication is not hurt: it
/// does not ask for this setting, and the console's own sessions override it.
public record MultiHostRoute(Map<Colour, PostgresServer> servers) implements SwitchedRoute {
  private static final Logger LOG = LoggerFactory.getLogger(MultiHostRoute.class);
  private static final Duration LOOK = Duration.ofMillis(1500);
  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final ExecutorService THREADS = Executors.newVirtualThreadPerTaskExecutor();

  /// Key of the setting as it was before; `none` when there was none.
  private static final String BEFORE = "read_only_before";

  private static final String NONE = "none";

  private static final String OTHERS =
      """
      FROM pg_stat_activity a
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND backend_type = 'client backend' AND application_name NOT LIKE 'signalbox %'
      """;

  private static final String LOOKING =
      """
      SELECT
        coalesce((SELECT split_part(one, '=', 2) FROM pg_db_role_setting, unnest(setconfig) AS one
          WHERE setdatabase = d.oid AND setrole = 0
            AND one LIKE 'default_transaction_read_only=%%'), 'none') AS setting,
        (SELECT string_agg(DISTINCT setrole::regrole::text, ', ')
          FROM pg_db_role_setting, unnest(setconfig) AS one
          WHERE setrole <> 0 AND setdatabase IN (0, d.oid) AND setrole <> current_user::regrole
            AND one LIKE 'default_transaction_read_only=%%') AS roles,
        pg_has_role(d.datdba, 'USAGE') AS owner,
        (SELECT count(*) %s) AS sessions
      FROM pg_database d WHERE datname = current_database()
      """
          .formatted(OTHERS);

  /// Only those that we may end: for one that we may not, the function would fail for all.
  private static final String CUT =
      """
      SELECT pid, pg_terminate_backend(pid) AS done %s
        AND ((SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
          OR pg_has_role(usesysid, 'USAGE')
          OR (pg_has_role('pg_signal_backend', 'USAGE')
            AND NOT (SELECT rolsuper FROM pg_roles r WHERE r.oid = usesysid)))
      """
          .formatted(OTHERS);

  @Override
  public String name() {
    return "connections that look for the side that takes writes";
  }

  /// What a side says.
  ///
  /// @param setting of the database; `none` when there is none
  /// @param roles whose own setting wins over it; empty when there are none
  private record Side(String setting, String roles, boolean owner, int sessions) {
    boolean readOnly() {
      return setting.equals("on");
    }
  }

  @Override
  public RouteSight look(Function<Colour, Optional<Identity>> identities)
      throws InterruptedException {
    Map<Colour, Side> seen = new EnumMap<>(Colour.class);
    List<String> wrong = new ArrayList<>();
    List<Colour> sides = List.of(Colour.values());
    List<Callable<Side>> tasks =
        sides.stream().<Callable<Side>>map(colour -> () -> side(colour)).toList();
    List<Future<Side>> futures = THREADS.invokeAll(tasks, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    for (int i = 0; i < sides.size(); i++) {
      Colour colour = sides.get(i);
      try {
        Side side = futures.get(i).get();
        seen.put(colour, side);
        wrong.addAll(problems(colour, side));
      } catch (ExecutionException | CancellationException e) {
        LOG.debug("{} does not answer", colour, e);
      }
    }
    List<Colour> open =
        seen.entrySet().stream()
            .filter(e -> !e.getValue().readOnly())
            .map(Map.Entry::getKey)
            .toList();
    if (!wrong.isEmpty()) {
      return RouteSight.wrong(String.join("; ", wrong));
    } else if (open.size() == 1) {
      return RouteSight.leading(open.getFirst(), false, evidence(seen));
    }
    return new RouteSight(
        Instant.now(),
        true,
        Optional.empty(),
        false,
        true,
        open.isEmpty()
            ? "no side that answers takes new sessions that write"
            : "both sides take new sessions that write: Prepare closes one of them",
        "");
  }

  private static List<String> problems(Colour colour, Side side) {
    List<String> wrong = new ArrayList<>();
    if (!side.owner()) {
      wrong.add(
          "the console's role must own the database of " + colour + ", for ALTER DATABASE … SET");
    }
    if (!side.roles().isEmpty()) {
      wrong.add(
          "on "
              + colour
              + " these roles have a default_transaction_read_only of their own, which wins: "
              + side.roles()
              + " (ALTER ROLE … RESET default_transaction_read_only)");
    }
    return wrong;
  }

  private static String evidence(Map<Colour, Side> seen) {
    List<String> words = new ArrayList<>();
    seen.forEach((colour, side) ->
        words.add(
            side.sessions()
                + (side.sessions() == 1 ? " session" : " sessions")
                + " of applications on "
                + colour
                + (side.readOnly() ? ", which is read-only for new ones" : "")));
    return String.join("; ", words);
  }

  private Side side(Colour colour) throws SQLException {
    return Guarded.ask(server(colour), "look", ANSWER, MultiHostRoute::side);
  }

  private static Side side(Handle h) {
    return h.select(LOOKING)
        .map(row ->
            new Side(
                row.getColumn("setting", String.class),
                Objects.requireNonNullElse(row.getColumn("roles", String.class), ""),
                row.getColumn("owner", Boolean.class),
                row.getColumn("sessions", Integer.class)))
        .one();
  }

  private PostgresServer server(Colour colour) {
    return Objects.requireNonNull(servers.get(colour));
  }

  // ---- changes --------------------------------------------------------------------------------

  @Override
  public void prepare(Colour live, long epoch) throws IOException {
    change(live.other(), epoch, h -> set(h, true));
  }

  @Override
  public void takeBack(Colour live, long epoch) throws IOException {
    change(live.other(), epoch, h -> restore(h, false));
  }

  /// The side that is left behind keeps it, as it keeps its fence.
  @Override
  public void cleanUp(Colour live, long epoch) throws IOException {
    change(live, epoch, h -> restore(h, true));
  }

  /// Opens one side, closes the other one and cuts its sessions off. A side that does not answer
  /// cannot be closed; its sessions are gone as well.
  @Override
  public String point(Colour to, long epoch) throws IOException, InterruptedException {
    change(to, epoch, h -> set(h, false));
    try {
      PostgresSession.Work<Boolean> closing =
          h -> {
            set(h, true);
            return true;
          };
      boolean _ = Guarded.transaction(server(to.other()), "route", ANSWER, epoch, closing);
      return "new sessions go to " + to + "; " + cutOff(to.other());
    } catch (SQLException e) {
      if (!Unreachable.is(e)) {
        throw failed(to.other(), e);
      }
      LOG.warn("{} does not answer and is not read-only for new sessions", to.other(), e);
      return "new sessions go to " + to + "; " + to.other() + " does not answer";
    }
  }

  /// @return how many sessions were ended
  private String cutOff(Colour side) throws SQLException, IOException, InterruptedException {
    List<Integer> cut =
        Guarded.ask(
            server(side),
            "route",
            ANSWER,
            h -> h.select(CUT).map(row -> row.getColumn("pid", Integer.class)).list());
    long end = System.nanoTime() + ANSWER.toNanos();
    while (true) {
      int left =
          Guarded.ask(
              server(side),
              "route",
              ANSWER,
              h ->
                  h.createQuery("SELECT count(*) " + OTHERS + " AND pid = ANY (:pids)")
                      .bindArray("pids", Integer.class, cut)
                      .mapTo(Integer.class)
                      .one());
      if (left == 0) {
        return cut.size()
            + (cut.size() == 1 ? " session of " : " sessions of ")
            + side
            + (cut.size() == 1 ? " was cut off" : " were cut off");
      } else if (System.nanoTime() > end) {
        throw new IOException(
            left
                + " sessions of applications on "
                + side
                + " do not end. End them: pg_terminate_backend.");
      }
      Thread.sleep(10);
    }
  }

  private interface Change {
    void on(Handle h) throws SQLException;
  }

  private void change(Colour side, long epoch, Change change) throws IOException {
    try {
      Guarded.run(server(side), "route", ANSWER, epoch, change::on);
    } catch (SQLException e) {
      throw failed(side, e);
    }
  }

  private static IOException failed(Colour side, SQLException e) {
    if (SqlState.DEPOSED.equals(e.getSQLState())) {
      throw new DeposedException("Another console drives: " + e.getMessage(), e);
    }
    return new IOException(
        "Whether " + side + " takes new sessions could not be changed: " + e.getMessage(), e);
  }

  private static void set(Handle h, boolean readOnly) throws SQLException {
    Side now = side(h);
    if (PlaneValues.value(h, BEFORE).isEmpty()) {
      PlaneValues.remember(h, BEFORE, now.setting());
    }
    if (readOnly && !now.readOnly()) {
      alter(h, "SET default_transaction_read_only = on");
    } else if (!readOnly && now.readOnly()) {
      alter(h, "RESET default_transaction_read_only");
    }
  }

  /// @param live whether it takes writes: then it does not become read-only, whatever was before
  private static void restore(Handle h, boolean live) throws SQLException {
    String before = PlaneValues.value(h, BEFORE);
    Side now = side(h);
    if (!before.isEmpty() && !before.equals(now.setting()) && !(live && before.equals("on"))) {
      alter(
          h,
          before.equals(NONE)
              ? "RESET default_transaction_read_only"
              : "SET default_transaction_read_only = " + Identifiers.literal(before));
    }
    PlaneValues.forget(h, BEFORE);
  }

  private static void alter(Handle h, String what) throws SQLException {
    String database = h.select("SELECT current_database()").mapTo(String.class).one();
    Verbatim.run(h, "ALTER DATABASE " + Identifiers.quote(database) + " " + what);
  }
}
