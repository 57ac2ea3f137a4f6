package dev.signalbox.cli;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.LeaseView;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.LeverId;
import dev.signalbox.engine.ReleaseView;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A snapshot as lines for a person: a word at the left, what is known of it at the right.
final class StatusText {
  private final StatusLines lines = new StatusLines();

  private StatusText() {}

  /// @param driver why commands cannot use the resident driver that is there; empty otherwise
  static List<String> of(EngineSnapshot s, String driver) {
    StatusText text = new StatusText();
    Colour live = s.live();
    text.lines.add("environment", s.environment());
    text.lines.add(
        "live",
        live == null
            ? "not known: the planes do not agree, or do not answer"
            : StatusLines.name(live));
    text.lines.add(
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
    StackStatus.write(s, text.lines);
    ClusterStatus.write(s.strategy(), text.lines);
    for (GateView gate : s.gates()) {
      String sign =
          switch (gate.state()) {
            case OPEN -> "✓";
            case PENDING -> "◐";
            case CLOSED -> "✗";
          };
      text.lines.add("gate", sign + " " + gate.title() + ": " + gate.evidence());
    }
    text.lines.add("cut over", cutOver(s));
    text.lines.add("way back", wayBack(s));
    text.free("resume", s.lever(LeverId.RESUME).there());
    text.free("give up", s.lever(LeverId.GIVE_UP).there());
    text.free("clean up", s.lever(LeverId.CLEAN_UP).there());
    return text.lines.all();
  }

  /// What may be done besides; what may not is left out.
  private void free(String word, Lever lever) {
    if (lever instanceof Lever.Free(String effect, String words)) {
      lines.add(word, effect + (words.isEmpty() ? "" : " Needs --confirm '" + words + "'."));
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

  /// Those that give the lease and do not answer, or were not asked yet.
  private void silent(LeaseView lease) {
    if (!lease.silence().isEmpty()) {
      lines.add(
          "lease",
          lease.silence() + (lease.nobodyCan() ? "; nobody can drive without a majority" : ""));
    }
  }

  private void release(@Nullable ReleaseView r, @Nullable Instant journalReadAt) {
    if (r == null) {
      lines.add(
          "release",
          journalReadAt == null
              ? "not known: the journal could not be read"
              : "none; start one with 'signalbox release start VERSION'");
      return;
    }
    String detail = StatusWords.reason(r.status());
    lines.add(
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
      lines.add(
          "",
          sign + " " + p.phase().title() + took + (p.detail().isEmpty() ? "" : ", " + p.detail()));
    }
    for (ReleaseView.MoveView m : r.moves()) {
      String stall =
          m.stall() == null ? "" : ", from hold to route " + DurationText.words(m.stall());
      lines.add(
          "move",
          m.move() + " " + m.result().name().toLowerCase(Locale.ROOT).replace('_', ' ') + stall);
    }
    lines.add("next", r.next());
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
        + StatusLines.name(s.wayBack().to())
        + (s.wayBack().estimate() == null
            ? ""
            : " in about " + DurationText.words(s.wayBack().estimate()))
        + ", "
        + loss
        + (s.wayBack().wordsToType().isEmpty()
            ? ""
            : "; needs --acknowledge \"" + s.wayBack().wordsToType() + "\"");
  }
}
