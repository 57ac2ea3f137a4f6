package dev.signalbox.cli;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.Health;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.StrategyView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A snapshot as lines for a person: a word at the left, what is known of it at the right.
final class StatusText {
  /// The oldest ones.
  private static final int SHOWN_QUERIES = 5;

  private final List<String> lines = new ArrayList<>();

  private StatusText() {}

  /// @param driver why commands cannot use the resident driver that is there; empty otherwise
  static List<String> of(EngineSnapshot s, String driver) {
    StatusText text = new StatusText();
    Colour live = s.live();
    text.line("environment", s.environment());
    text.line(
        "live", live == null ? "not known: the planes do not agree, or do not answer" : name(live));
    text.line(
        "driven by",
        s.lease().mine()
            ? "this console, epoch " + s.lease().epoch()
            : s.lease().holder().isEmpty()
                ? nobody(s.lease(), driver)
                : s.lease().holder()
                    + ", epoch "
                    + s.lease().epoch()
                    + "; it alone may pull what is unlocked");
    text.silent(s.lease());
    text.release(s.release(), s.journalReadAt());
    for (Colour colour : Colour.values()) {
      text.stack(colour, s);
    }
    text.entry(s.application());
    text.replication(s.database());
    text.strategy(s.strategy());
    for (GateView gate : s.gates()) {
      String sign =
          switch (gate.state()) {
            case OPEN -> "✓";
            case PENDING -> "◐";
            case CLOSED -> "✗";
          };
      text.line("gate", sign + " " + gate.title() + ": " + gate.evidence());
    }
    text.line("cut over", cutOver(s));
    text.line("way back", wayBack(s));
    text.free("resume", s.lever(LeverId.RESUME).there());
    text.free("give up", s.lever(LeverId.GIVE_UP).there());
    text.free("clean up", s.lever(LeverId.CLEAN_UP).there());
    return text.lines;
  }

  /// What may be done besides; what may not is left out.
  private void free(String word, Lever lever) {
    if (lever instanceof Lever.Free(String effect, String words)) {
      line(word, effect + (words.isEmpty() ? "" : " Needs --confirm '" + words + "'."));
    }
  }

  /// Without a fault a gate that is only pending opens when it was looked at for long enough.
  private static String cutOver(EngineSnapshot s) {
    if (!(s.lever(LeverId.CUT_OVER).there() instanceof Lever.Locked(String why))) {
      return "unlocked";
    }
    boolean pending =
        s.release() != null
            && s.release().status() instanceof ReleaseView.Status.Ready
            && s.gates().stream().anyMatch(g -> g.state() == GateView.State.PENDING)
            && s.gates().stream().noneMatch(g -> g.state() == GateView.State.CLOSED);
    return pending
        ? "not proven yet: " + why + "; 'signalbox release cutover' waits for that"
        : "locked: " + why;
  }

  private void entry(@Nullable ApplicationView application) {
    if (application == null || application.at().equals(Instant.EPOCH)) {
      line("entry", "not asked yet");
    } else if (!application.router().reachable()) {
      line("entry", "✗ does not answer");
    }
  }

  /// Those that give the lease and do not answer, or were not asked yet.
  private void silent(LeaseView lease) {
    if (!lease.silence().isEmpty()) {
      line(
          "lease",
          lease.silence() + (lease.nobodyCan() ? "; nobody can drive without a majority" : ""));
    }
  }

  private void release(@Nullable ReleaseView r, @Nullable Instant journalReadAt) {
    if (r == null) {
      line(
          "release",
          journalReadAt == null
              ? "not known: the journal could not be read"
              : "none; start one with 'signalbox release start VERSION'");
      return;
    }
    String detail = StatusWords.reason(r.status());
    line(
        "release",
        r.number()
            + ", version "
            + r.version()
            + ", "
            + r.origin()
            + " → "
            + r.target()
            + ", "
            + StatusWords.word(r.status())
            + (detail.isEmpty() ? "" : ": " + detail));
    for (ReleaseView.PhaseView p : r.phases()) {
      String sign =
          switch (p.state()) {
            case WAITING -> "·";
            case RUNNING -> "◐";
            case HOLDING -> "✗";
            case DONE -> "✓";
            case UNDOING -> "◐";
            case UNDONE -> "–";
          };
      String took = p.took() == null ? "" : " " + DurationText.words(p.took());
      line(
          "",
          sign + " " + p.phase().title() + took + (p.detail().isEmpty() ? "" : ", " + p.detail()));
    }
    for (ReleaseView.MoveView m : r.moves()) {
      String stall = m.stall() == null ? "" : ", from hold to route " + DurationText.words(m.stall());
      line(
          "move",
          m.move() + " " + m.result().name().toLowerCase(Locale.ROOT).replace('_', ' ') + stall);
    }
    line("next", r.next());
  }

  private void stack(Colour colour, EngineSnapshot s) {
    List<String> parts = new ArrayList<>();
    ApplicationView application = s.application();
    ApplicationView.Stack stack = application == null ? null : application.stacks().get(colour);
    parts.add(stack == null ? "application not seen yet" : "application " + application(stack));
    DatabaseView database = s.database();
    DatabaseView.Server server = database == null ? null : database.servers().get(colour);
    if (server == null) {
      parts.add("database not seen yet");
    } else if (!server.asked()) {
      parts.add("database not asked yet");
    } else if (!server.reachable()) {
      parts.add("database does not answer: " + server.problem());
    } else {
      parts.add(
          "database "
              + (server.access() == DatabaseView.Access.UNKNOWN
                  ? "with access not known"
                  : server.access().name().toLowerCase(Locale.ROOT).replace('_', '-'))
              + ", PostgreSQL "
              + server.serverVersion()
              + ", "
              + bytes(server.size())
              + ", schema "
              + (server.schemaVersion().isEmpty() ? "none" : server.schemaVersion()));
    }
    line(name(colour), String.join("; ", parts));
  }

  private static String application(ApplicationView.Stack stack) {
    String health =
        stack.health() == Health.UNKNOWN
            ? "with health not known yet"
            : stack.health().name().toLowerCase(Locale.ROOT);
    return stack.version().isEmpty() ? health : stack.version() + " " + health;
  }

  private void replication(@Nullable DatabaseView database) {
    if (database == null) {
      return;
    }
    line("forward", direction(database.replication().forward()));
    line("reverse", direction(database.replication().reverse()));
  }

  private void strategy(@Nullable StrategyView view) {
    if (view == null) {
      return;
    }
    if (view.at().equals(Instant.EPOCH)) {
      line("strategy", "not asked yet");
      return;
    }
    if (!view.reachable()) {
      line("strategy", "✗ the query cluster does not answer: " + view.problem());
      return;
    }
    Colour live = view.live();
    Colour announced = view.announced();
    line(
        "strategy",
        (view.suspended() ? "✗ suspended, " : "")
            + (live == null ? "live not known" : "live " + name(live))
            + (announced == null
                ? ""
                : ", "
                    + name(announced)
                    + " announced, "
                    + view.phase().name().toLowerCase(Locale.ROOT))
            + String.format(
                Locale.ROOT, ", 456 %.2f %% of calls", view.rates().wrongStrategyShare() * 100));
    for (Colour colour : Colour.values()) {
      StrategyView.Engine engine = view.engines().get(colour);
      if (engine != null) {
        line("", name(colour) + " " + queries(engine));
      }
    }
    view.queries().stream().limit(SHOWN_QUERIES).forEach(query -> line("query", query(query)));
    StrategyView.Fleet fleet = view.fleet();
    line(
        "clients",
        String.format(
            Locale.ROOT,
            "%d report: %d blue, %d green, %d without; %d pending, %d silent",
            fleet.clients(),
            fleet.blue(),
            fleet.green(),
            fleet.none(),
            fleet.pending(),
            fleet.silent()));
  }

  private static String query(StrategyView.OpenQuery query) {
    return query.id()
        + " on "
        + name(query.colour())
        + " for "
        + DurationText.words(query.age())
        + ", "
        + query.user()
        + (query.client().isEmpty() ? "" : " at " + query.client())
        + ", "
        + query.state();
  }

  private static String queries(StrategyView.Engine engine) {
    if (!engine.reachable()) {
      return "does not answer: " + engine.problem();
    }
    return (engine.openQueries() == 1 ? "1 open query" : engine.openQueries() + " open queries")
        + (engine.oldestQuery().isZero() ? "" : ", the oldest " + DurationText.words(engine.oldestQuery()));
  }

  private static String direction(DatabaseView.Direction d) {
    String state = d.state().name().toLowerCase(Locale.ROOT);
    if (d.state() == DatabaseView.Direction.State.ABSENT) {
      return state;
    } else if (d.state() == DatabaseView.Direction.State.UNKNOWN) {
      return d.problem().isEmpty() ? "not known yet" : "not known: " + d.problem();
    }
    Duration lag = d.lag();
    return state
        + ", lag "
        + (lag == null ? "unknown" : DurationText.words(lag))
        + " ("
        + (d.lagBytes() < 0 ? "unknown" : bytes(d.lagBytes()))
        + ")"
        + (d.problem().isEmpty() ? "" : ": " + d.problem());
  }

  /// Whoever does not answer may know of somebody.
  private static String nobody(LeaseView lease, String driver) {
    if (!lease.known()) {
      return (lease.nobodyCan() ? "not known" : "not known yet")
          + (lease.silence().isEmpty() ? "" : ": " + lease.silence());
    }
    return (lease.silence().isEmpty() ? "nobody" : "nobody that is seen")
        + (driver.isEmpty()
            ? "; a command takes the lease itself"
            : "; the resident driver is there, and commands cannot use it");
  }

  private static String wayBack(EngineSnapshot s) {
    if (!s.wayBack().possible()) {
      String why = s.wayBack().evidence();
      return why.isEmpty() ? "nothing to go back from" : "not possible: " + why;
    }
    long writes = s.wayBack().writesAtRisk();
    String loss =
        writes == 0
            ? "nothing would be lost"
            : writes < 0 ? "losses unknown" : writes + " writes would be lost";
    return "to "
        + name(s.wayBack().to())
        + (s.wayBack().estimate() == null ? "" : " in about " + DurationText.words(s.wayBack().estimate()))
        + ", "
        + loss
        + (s.wayBack().wordsToType().isEmpty()
            ? ""
            : "; needs --acknowledge \"" + s.wayBack().wordsToType() + "\"");
  }

  private static String name(Colour colour) {
    return switch (colour) {
      case BLUE -> "BLUE ■";
      case GREEN -> "GREEN ●";
    };
  }

  static String bytes(long bytes) {
    double value = bytes;
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }

  private void line(String word, String text) {
    lines.add(String.format(Locale.ROOT, "%-12s %s", word, text));
  }
}
