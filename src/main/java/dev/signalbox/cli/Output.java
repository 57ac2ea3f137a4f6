package dev.signalbox.cli;

import dev.signalbox.engine.AuditReport;
import dev.signalbox.engine.Colour;
import dev.signalbox.engine.Diagnosis;
import dev.signalbox.engine.EngineEvent;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Finding;
import dev.signalbox.engine.MigrationView;
import dev.signalbox.engine.Outcome;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/// Writes what commands say: text for a person, or one JSON object a line.
final class Output {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Terminal terminal;
  private final boolean json;

  Output(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  void event(EngineEvent event) {
    if (json) {
      object(Json.event(event));
      return;
    }
    // Without a release there is no phase.
    String phase = event.release() == 0 ? "" : event.phase().title() + "  ";
    String line = TIME.format(event.at()) + "  " + phase + event.text();
    terminal.out().println(paint(style(event.kind()), clean(line)));
    terminal.out().flush();
  }

  /// @param driver why commands cannot use the resident driver that is there; empty otherwise
  void status(EngineSnapshot snapshot, String driver) {
    if (json) {
      object(Json.status(snapshot));
      return;
    }
    StatusText.of(snapshot, driver).forEach(line -> terminal.out().println(clean(line)));
    terminal.out().flush();
  }

  void migrations(Colour stack, List<MigrationView> migrations) {
    if (json) {
      migrations.forEach(m -> object(Json.migration(stack, m)));
      return;
    }
    if (migrations.isEmpty()) {
      terminal.out().println(stack + ": no migrations");
    }
    for (MigrationView m : migrations) {
      String state = m.state().name().toLowerCase(Locale.ROOT);
      String undo = m.undoable() ? "" : "  (no undo script)";
      String detail = m.detail().isEmpty() ? "" : "  " + m.detail();
      terminal
          .out()
          .println(
              clean(
                  String.format(
                      Locale.ROOT,
                      "%-5s  %-8s  %-8s  %s%s%s",
                      stack,
                      m.version(),
                      state,
                      m.description(),
                      undo,
                      detail)));
    }
    terminal.out().flush();
  }

  void diagnosis(Diagnosis diagnosis) {
    if (json) {
      object(Json.diagnosis(diagnosis));
      return;
    }
    String of = diagnosis.database().isEmpty() ? "" : diagnosis.database() + ": ";
    if (diagnosis.findings().isEmpty()) {
      terminal.out().println(clean("✓ " + of + "nothing is in the way of a release"));
    }
    for (Finding finding : diagnosis.findings()) {
      terminal.out().println(clean((finding.blocks() ? "✗ " : "! ") + of + finding.sentence()));
      if (!finding.remedy().isEmpty()) {
        terminal.out().println(clean("    on " + finding.where() + ":  " + finding.remedy()));
      }
    }
    terminal.out().flush();
  }

  /// Writes what a check of the journal found, and gives its exit code.
  int audit(AuditReport report) {
    if (json) {
      object(Json.audit(report));
      return report.sound() ? ExitCode.OK : ExitCode.FAILED;
    }
    report.notes().forEach(note -> terminal.out().println(clean(note)));
    report.silent().forEach(line -> terminal.err().println(paint("33", clean(line))));
    AuditReport.Misfit misfit = report.misfit();
    if (misfit != null) {
      terminal
          .err()
          .println(paint("31", clean("✗ Entry " + misfit.sequence() + ": " + misfit.what())));
    }
    if (report.empty()) {
      String where =
          report.silent().isEmpty() ? "either database" : "the database that could be read";
      terminal
          .err()
          .println(
              paint(
                  "33",
                  "✗ There is no journal in "
                      + where
                      + " (0 entries), so nothing was checked. That is so before anybody has driven;"
                      + " later it means that the journal was removed."));
      terminal.out().flush();
      terminal.err().flush();
      return ExitCode.FAILED;
    }
    if (report.beforeTheChain() > 0) {
      terminal.out().println(report.beforeTheChain() + " entries are from before the chain.");
    }
    String count =
        report.entries()
            + " entries, the last is "
            + report.headSequence()
            + ", its hash "
            + (report.headHash().isEmpty() ? "none" : report.headHash());
    terminal.out().println(report.sound() ? paint("32", "✓ Every entry fits: " + count) : count);
    terminal.out().flush();
    terminal.err().flush();
    return report.sound() ? ExitCode.OK : ExitCode.FAILED;
  }

  /// Writes how a command ended, and gives its exit code.
  int outcome(Outcome outcome) {
    if (json) {
      object(Json.outcome(outcome));
    } else {
      switch (outcome) {
        case Outcome.Done(String text) -> terminal.out().println(paint("32", clean("✓ " + text)));
        case Outcome.Refused(String text) ->
            terminal.err().println(paint("33", clean("✗ Refused: " + text)));
        case Outcome.Failed(String text) ->
            terminal.err().println(paint("31", clean("✗ Failed: " + text)));
      }
      terminal.out().flush();
      terminal.err().flush();
    }
    return outcome instanceof Outcome.Done ? ExitCode.OK : ExitCode.FAILED;
  }

  /// Whether nobody reads any more what is written, as far as the last line showed.
  boolean readerGone() {
    return terminal.out().checkError();
  }

  /// Writes a line that is neither an event nor an outcome.
  void note(String text) {
    if (json) {
      object(Json.note(text));
    } else {
      terminal.out().println(clean(text));
      terminal.out().flush();
    }
  }

  /// Writes what is in the vault.
  void names(List<String> names) {
    if (json) {
      object(Json.vault(names));
      return;
    }
    names.forEach(name -> terminal.out().println(clean(name)));
    terminal.out().flush();
  }

  /// Writes what is wrong, and gives the exit code back.
  int error(int code, List<String> problems) {
    if (json) {
      object(Json.error(code, problems));
    } else {
      problems.forEach(p -> terminal.err().println(paint("31", clean("signalbox: " + p))));
      terminal.err().flush();
    }
    return code;
  }

  private void object(ObjectNode node) {
    terminal.out().println(node);
    terminal.out().flush();
  }

  private String paint(String style, String text) {
    return terminal.colour() && !style.isEmpty()
        ? "\u001b[" + style + "m" + text + "\u001b[0m"
        : text;
  }

  /// Text comes from databases too, and must not steer the terminal.
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]", " ");
  }

  private static String style(EngineEvent.Kind kind) {
    return switch (kind) {
      case STEP_FAILED, UNDO_FAILED -> "31";
      case HOLDING, MOVE_UNDONE -> "33";
      case MOVE_DONE, MOVE_PROVEN, PHASE_DONE -> "32";
      case RELEASE_STARTED, PHASE_STARTED, MOVE_STARTED, GIVE_UP_STARTED, RELEASE_ENDED -> "1";
      case COMMAND, LEASE_TAKEN, STEP_INTENT, STEP_DONE, UNDO_INTENT, UNDO_DONE, GATE, NOTE -> "";
    };
  }
}
