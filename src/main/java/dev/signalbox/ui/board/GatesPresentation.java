package dev.signalbox.ui.board;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import dev.signalbox.ui.fx.Validity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The gates; those that are in the way come first.
///
/// @param title with the count of those that are open
/// @param empty what to do when there are none
record GatesPresentation(String title, List<Gate> gates, String empty) {
  record Gate(String id, Sign sign, String word, String title, String evidence) {}

  /// As copied to the clipboard.
  String asText() {
    List<String> lines = new ArrayList<>();
    lines.add(title);
    gates.forEach(gate -> lines.add(gate.title() + "\t" + gate.word() + "\t" + gate.evidence()));
    return String.join("\n", lines);
  }

  static GatesPresentation of(EngineSnapshot state, Validity validity) {
    List<Gate> gates = new ArrayList<>();
    long open = 0;
    ReleaseView release = state.release();
    boolean ended = release != null && release.endedAt() != null;
    boolean givenUp = release != null && release.isGivenUp();
    for (GateView gate : ended || givenUp ? List.<GateView>of() : state.gates()) {
      boolean passed = gate.state() == GateView.State.OPEN;
      if (passed && !validity.sees(gate)) {
        gates.add(
            new Gate(
                gate.id(),
                Sign.UNKNOWN,
                Messages.text("gate.unknown"),
                gate.title(),
                Messages.text("gate.unknown.evidence", gate.evidence())));
      } else {
        open += passed ? 1 : 0;
        GateView.State shown =
            ReleaseSetup.covers(state, gate) && !passed ? GateView.State.PENDING : gate.state();
        gates.add(new Gate(gate.id(), sign(shown), word(shown), gate.title(), gate.evidence()));
      }
    }
    gates.sort(Comparator.comparingInt(gate -> rank(gate.sign())));
    return new GatesPresentation(
        gates.isEmpty()
            ? Messages.text("gates.title")
            : Messages.text(
                isBack(state) ? "gates.title.back" : "gates.title.count",
                Format.count(open),
                Format.count(gates.size())),
        List.copyOf(gates),
        gates.isEmpty()
            ? !validity.knowsRelease()
                ? validity.unknownRelease()
                : Messages.text(givenUp && !ended ? "gates.over" : "gates.empty")
            : "");
  }

  /// Once the target is live the gates are those of the way back.
  private static boolean isBack(EngineSnapshot state) {
    return state.release() != null && state.release().onTarget();
  }

  private static int rank(Sign sign) {
    return switch (sign) {
      case BAD -> 0;
      case PENDING -> 1;
      case WARNING, UNKNOWN -> 2;
      case OK -> 3;
    };
  }

  private static Sign sign(GateView.State state) {
    return switch (state) {
      case OPEN -> Sign.OK;
      case PENDING -> Sign.PENDING;
      case CLOSED -> Sign.BAD;
    };
  }

  private static String word(GateView.State state) {
    return switch (state) {
      case OPEN -> Messages.text("gate.open");
      case PENDING -> Messages.text("gate.pending");
      case CLOSED -> Messages.text("gate.closed");
    };
  }
}
