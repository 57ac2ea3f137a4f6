package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DurationText;
import dev.signalbox.engine.database.sync.Ends;
import dev.signalbox.engine.release.Gate;
import dev.signalbox.engine.release.Gate.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// What must hold of the synchronisation before a move, in both directions.
record SyncGates(Situation now) {
  private static final long HEADROOM = 256L << 20;
  private static final String BEGIN_AGAIN = " Give the release up and begin again.";

  List<Gate> beforeComparison() {
    return List.of(
        now.gate("copy", "Copy complete", this::copied, now.copySide()),
        now.gate("lag", "In step", this::lagging, now.sides()));
  }

  List<Gate> afterComparison() {
    return List.of(
        now.gate("way-back", "Way back armed", this::wayBack, now.sides()),
        now.gate("headroom", "Log kept", this::headroom, now.sides()));
  }

  private Verdict copied() {
    Ends copy = now.side(now.copySide()).ends();
    if (copy.receiver().isEmpty()) {
      return Verdict.pending("replication has not begun");
    }
    int all = copy.tables().size();
    long open = copy.tables().stream().filter(t -> !t.state().equals("streaming")).count();
    return copy.receiver().get().unready() == 0
        ? Verdict.open(all + " tables are in step")
        : Verdict.pending(open + " of " + all + " tables are being copied");
  }

  private Verdict lagging() {
    Colour to = now.move().to();
    Ends sending = now.from().ends();
    Ends taking = now.to().ends();
    String altered = sending.altered(taking);
    if (!altered.isEmpty()) {
      return Verdict.closed(altered + BEGIN_AGAIN);
    }
    if (sending.sender().isEmpty() || taking.receiver().isEmpty()) {
      return Verdict.pending("replication to " + to + " is not on");
    }
    if (!taking.receiver().get().enabled()) {
      return Verdict.closed(parted());
    }
    Duration lag = now.lag();
    if (lag == null) {
      return sending.sender().get().active() && taking.receiver().get().working()
          ? Verdict.pending("how far " + to + " is behind is measured")
          : Verdict.closed(
              "how far " + to + " is behind is not known; look at its replication worker");
    }
    // How far is shown once, beside the arrow: two figures would differ.
    Duration most = now.pair().settings().maxLag();
    String limit = DurationText.format(most) + " that are allowed";
    return lag.compareTo(most) <= 0
        ? Verdict.open(to + " is within the " + limit)
        : Verdict.closed(to + " is further behind than the " + limit);
  }

  private Verdict wayBack() {
    Colour from = now.move().from();
    Colour to = now.move().to();
    Ends sending = now.to().ends();
    Ends taking = now.from().ends();
    String altered = sending.altered(taking);
    if (!altered.isEmpty()) {
      return Verdict.closed(altered + BEGIN_AGAIN);
    }
    if (sending.sender().isEmpty() || taking.receiver().isEmpty()) {
      return Verdict.pending("the way back is not armed yet");
    }
    if (!taking.receiver().get().enabled()) {
      return Verdict.closed(parted());
    }
    boolean both = sending.sender().get().active() && taking.receiver().get().working();
    Duration lag = now.lagBack();
    if (lag == null && both) {
      return Verdict.pending("no marker came from " + to + " yet");
    }
    return both && lag != null && lag.compareTo(Situation.LONGEST_BACK) <= 0
        ? Verdict.open("a marker from " + to + " was seen on " + from)
        : Verdict.closed("nothing arrives on " + from + " from " + to + "; look at its server log");
  }

  private String parted() {
    return "writes of "
        + now.move().to()
        + " were given up, so the two sides have gone different ways; give the release up, then"
        + " begin a new one";
  }

  private Verdict headroom() {
    List<Ends.Sender> senders =
        Stream.of(now.from(), now.to()).flatMap(side -> side.ends().sender().stream()).toList();
    if (senders.isEmpty()) {
      return Verdict.pending("there is no slot yet");
    }
    for (Ends.Sender sender : senders) {
      if (sender.walStatus().equals("lost") || sender.walStatus().equals("unreserved")) {
        return Verdict.closed(
            "a slot has lost its log ("
                + sender.walStatus()
                + "); give the release up and copy again");
      }
      if (sender.headroom() >= 0 && sender.headroom() < HEADROOM) {
        return Verdict.closed(
            "only " + (sender.headroom() >> 20) + " MiB until a slot loses its log");
      }
    }
    return Verdict.open("every slot has the log that it needs");
  }
}
