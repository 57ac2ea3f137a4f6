package dev.signalbox.engine.database.pgbouncer;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.database.route.SideAddress;
import dev.signalbox.engine.environment.DatabaseSettings.PgBouncer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One PgBouncer with the entry of our database. Thread-safe.
///
/// One that nothing listens for is as good as held: nobody comes through it, and when it starts it
/// reads its ini file. One that hangs is not: what it was told may still be done when it goes on.
final class PgBouncerInstance {
  private static final Logger LOG = LoggerFactory.getLogger(PgBouncerInstance.class);
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1");
  private static final int NAMED = 3;

  private final PgBouncer settings;
  private final Map<Colour, SideAddress> sides;
  private final IniFile ini;
  private final AtomicReference<@Nullable AdminConsole> idle = new AtomicReference<>();

  /// What must still be done once it answers again; null for nothing.
  private final AtomicReference<@Nullable Owed> owed = new AtomicReference<>();

  /// That it must not be paused, and where it must lead; null for where its file says.
  private record Owed(@Nullable Colour side) {}

  PgBouncerInstance(PgBouncer settings, Map<Colour, SideAddress> sides) {
    this.settings = settings;
    this.sides = Map.copyOf(sides);
    this.ini = new IniFile(settings.ini(), settings.database());
  }

  String name() {
    return "PgBouncer " + settings.host() + ":" + settings.port();
  }

  /// What is seen of it.
  ///
  /// @param leads empty when to neither side, or when file and process differ; of one that does not
  ///   run, where it will lead
  /// @param possible whether it can be switched: not when it hangs, or its file cannot be changed
  /// @param problem empty when there is none
  record Sight(Optional<Colour> leads, boolean paused, boolean possible, String problem) {}

  Sight look(Duration limit) {
    Optional<Colour> written;
    String wrong = "";
    boolean possible = false;
    try {
      SideAddress address = ini.leads();
      possible = true;
      written = side(address);
      if (written.isEmpty()) {
        wrong = strange(settings.ini() + " leads '" + settings.database() + "'", address);
      } else {
        ini.writable();
      }
    } catch (IOException e) {
      possible = false;
      written = Optional.empty();
      wrong = said(e);
    }
    try {
      Map<String, String> row = row(limit);
      Optional<Colour> leads = side(address(row));
      if (wrong.isEmpty() && leads.isEmpty()) {
        wrong = strange(name() + " leads '" + settings.database() + "'", address(row));
      } else if (wrong.isEmpty() && !leads.equals(written)) {
        wrong =
            name()
                + " leads to "
                + leads.get()
                + ", but its file "
                + settings.ini()
                + " says "
                + written.get()
                + ". Make them the same: RELOAD, or correct the file";
      }
      return new Sight(wrong.isEmpty() ? leads : Optional.empty(), paused(row), possible, wrong);
    } catch (NotRunningException e) {
      LOG.debug("{} does not run", name(), e);
      return new Sight(written, false, possible, wrong.isEmpty() ? said(e) : wrong);
    } catch (IOException e) {
      LOG.debug("{} does not answer", name(), e);
      return new Sight(Optional.empty(), false, false, said(e));
    }
  }

  private String strange(String what, SideAddress where) {
    return what
        + " to "
        + (where.host().isEmpty() ? "a local socket" : where)
        + ", which is neither blue ("
        + sides.get(Colour.BLUE)
        + ") nor green ("
        + sides.get(Colour.GREEN)
        + "). Write host, port and dbname of the live side there, as in signalbox.yaml";
  }

  /// Without its full stop: it stands within another sentence.
  private static String said(IOException e) {
    return String.valueOf(e.getMessage()).replaceAll("\\.$", "");
  }

  private Optional<Colour> side(SideAddress address) {
    return sides.entrySet().stream()
        .filter(each -> same(each.getValue(), address))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static boolean same(SideAddress a, SideAddress b) {
    return host(a).equals(host(b)) && a.port() == b.port() && a.database().equals(b.database());
  }

  private static String host(SideAddress address) {
    String host = address.host().toLowerCase(Locale.ROOT);
    return LOOPBACK.contains(host) ? "localhost" : host;
  }

  void tryOut() throws IOException {
    ini.tryOut();
  }

  // ---- hold -----------------------------------------------------------------------------------

  /// Pauses, and returns when no transaction is open any more.
  void pause(Instant until) throws IOException {
    owed.set(null);
    AdminConsole console;
    try {
      console = answering(left(until));
    } catch (NotRunningException e) {
      LOG.info("{} does not run, so nobody comes through it", name(), e);
      return;
    }
    Duration limit = left(until);
    try {
      console.run("PAUSE " + quoted(), limit);
      keep(console);
    } catch (AdminException e) {
      keep(console);
      throw e;
    } catch (IOException e) {
      // It has no limit of its own, and would wait on when it was resumed from elsewhere.
      console.abandon();
      throw new IOException(
          name()
              + " did not come to rest within "
              + DurationText.words(limit)
              + ". In the way: "
              + inTheWay()
              + ".",
          e);
    }
  }

  /// Longer than one answer may take: a pause is sent only to who was seen answering just now.
  private AdminConsole answering(Duration limit) throws IOException {
    Instant end = Instant.now().plus(limit);
    AdminConsole kept = idle.getAndSet(null);
    if (kept != null) {
      try {
        var _ = kept.show("SHOW VERSION", limit.compareTo(SOON) < 0 ? limit : SOON);
        return kept;
      } catch (IOException e) {
        LOG.debug("an idle connection broke", e);
        kept.abandon();
      }
    }
    return AdminConsole.open(settings, left(end));
  }

  private String inTheWay() {
    try {
      List<String> busy =
          ask(SOON, (console, limit) -> console.show("SHOW SERVERS", limit)).stream()
              .filter(this::ours)
              .filter(server -> !server.getOrDefault("link", "").isEmpty())
              .map(server ->
                  "a transaction of "
                      + server.get("user")
                      + ", asked last at "
                      + server.get("request_time")
                      + " (PostgreSQL session "
                      + server.get("remote_pid")
                      + ")")
              .toList();
      return busy.isEmpty()
          ? "nothing that can still be seen"
          : busy.stream().limit(NAMED).collect(Collectors.joining("; "))
              + (busy.size() > NAMED ? "; and " + (busy.size() - NAMED) + " more" : "");
    } catch (IOException e) {
      LOG.debug("what is in the way cannot be seen", e);
      return "not known, it does not answer";
    }
  }

  private boolean ours(Map<String, String> row) {
    return settings.database().equals(row.get("database"));
  }

  private String quoted() {
    return '"' + settings.database() + '"';
  }

  // ---- switch ---------------------------------------------------------------------------------

  /// Changes the file alone.
  void write(Colour to) throws IOException {
    ini.lead(java.util.Objects.requireNonNull(sides.get(to)));
  }

  /// Makes the process follow its file, and returns when it is seen to lead there and no connection
  /// to the other side is left.
  ///
  /// @return what was seen
  String follow(Colour to, Instant until) throws IOException {
    try {
      if (!leads(to, row(left(until)))) {
        command("RELOAD", until);
      }
      for (Map<String, String> row = row(left(until)); !leads(to, row); row = row(left(until))) {
        pauseABit(
            until,
            name() + " read its file again and still leads to " + address(row) + ", not to " + to);
      }
      Map<String, String> now = row(left(until));
      if (!paused(now)) {
        // Without a pause, connections to the other side are still used.
        command("RECONNECT " + quoted(), until);
      }
      while (ask(left(until), (console, limit) -> console.show("SHOW SERVERS", limit)).stream()
          .anyMatch(server -> ours(server) && "1".equals(server.get("close_needed")))) {
        pauseABit(until, name() + " still uses a connection to " + to.other());
      }
      return name() + " leads to " + address(now);
    } catch (NotRunningException e) {
      LOG.info("{} does not run; its file leads to {}", name(), to, e);
      return name() + " does not run, and leads to " + to + " when it starts";
    } catch (IOException e) {
      owed.set(new Owed(to));
      throw e;
    }
  }

  private static void pauseABit(Instant until, String failure) throws IOException {
    if (!Instant.now().isBefore(until) || Thread.currentThread().isInterrupted()) {
      throw new IOException(failure + ".");
    }
    LockSupport.parkNanos(5_000_000);
  }

  private boolean leads(Colour to, Map<String, String> row) {
    return side(address(row)).equals(Optional.of(to));
  }

  // ---- resume ---------------------------------------------------------------------------------

  /// Not when it leads elsewhere: then whoever waits would be let go to a side that is closed.
  ///
  /// @param side where it must lead; null for wherever it does
  void resume(@Nullable Colour side, Instant until) throws IOException {
    try {
      Map<String, String> row = row(left(until));
      if (side != null && !leads(side, row)) {
        throw new IOException(name() + " leads to " + address(row) + ", not to " + side + ".");
      }
      if (paused(row)) {
        command("RESUME " + quoted(), until);
        if (paused(row(left(until)))) {
          throw new IOException(name() + " was resumed and is paused all the same.");
        }
      }
      owed.set(null);
    } catch (NotRunningException e) {
      LOG.info("{} does not run, so nobody waits in it", name(), e);
      owed.set(null);
    } catch (IOException e) {
      owed.set(new Owed(side));
      throw e;
    }
  }

  /// When something could not be done because it did not answer, and it answers now.
  void mend(Duration limit) {
    Owed what = owed.get();
    if (what == null) {
      return;
    }
    Instant until = Instant.now().plus(limit);
    try {
      if (what.side() != null) {
        write(what.side());
        String seen = follow(what.side(), until);
        LOG.warn("{} answers again: {}", name(), seen);
      }
      resume(what.side(), until);
      LOG.warn("{} answers again and is not paused any more", name());
    } catch (IOException e) {
      LOG.debug("{} is still not as it must be", name(), e);
    }
  }

  // ---- questions ------------------------------------------------------------------------------

  private Map<String, String> row(Duration limit) throws IOException {
    return ask(limit, (console, left) -> console.show("SHOW DATABASES", left)).stream()
        .filter(each -> settings.database().equals(each.get("name")))
        .findFirst()
        .orElseThrow(() ->
            new IOException(
                name()
                    + " knows no database '"
                    + settings.database()
                    + "'. Write it into its file, then RELOAD."));
  }

  private static SideAddress address(Map<String, String> row) {
    String port = row.getOrDefault("port", "");
    return new SideAddress(
        row.getOrDefault("host", ""),
        port.matches("[0-9]{1,5}") ? Integer.parseInt(port) : 0,
        row.getOrDefault("database", ""));
  }

  private static boolean paused(Map<String, String> row) {
    return "1".equals(row.get("paused"));
  }

  private void command(String command, Instant until) throws IOException {
    boolean _ =
        ask(
            left(until),
            (console, limit) -> {
              console.run(command, limit);
              return true;
            });
  }

  private interface Question<T> {
    T of(AdminConsole console, Duration limit) throws IOException;
  }

  /// On a connection that was used before, or, when that broke, on a new one.
  private <T> T ask(Duration limit, Question<T> question) throws IOException {
    Instant end = Instant.now().plus(limit);
    AdminConsole kept = idle.getAndSet(null);
    if (kept != null && !kept.closed()) {
      try {
        return kept(kept, question, limit.dividedBy(2));
      } catch (AdminException e) {
        throw e;
      } catch (IOException e) {
        LOG.debug("an idle connection broke", e);
      }
    }
    AdminConsole fresh = AdminConsole.open(settings, left(end));
    return kept(fresh, question, left(end));
  }

  private <T> T kept(AdminConsole console, Question<T> question, Duration limit)
      throws IOException {
    try {
      T answer = question.of(console, limit);
      keep(console);
      return answer;
    } catch (AdminException e) {
      keep(console);
      throw e;
    } catch (IOException e) {
      console.abandon();
      throw e;
    }
  }

  private void keep(AdminConsole console) {
    AdminConsole other = idle.getAndSet(console);
    if (other != null) {
      other.abandon();
    }
  }

  private static Duration left(Instant until) {
    Duration left = Duration.between(Instant.now(), until);
    return left.isPositive() ? left : Duration.ofMillis(1);
  }

  void close() {
    AdminConsole open = idle.getAndSet(null);
    if (open != null) {
      open.abandon();
    }
  }
}
