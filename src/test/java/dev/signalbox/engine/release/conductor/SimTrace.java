package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.conductor.CutoverModel.Act;
import dev.signalbox.engine.release.conductor.CutoverModel.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was done of each move, in its order, for the model of the cutover to judge. A move that has
/// ended may be proven again later: then it goes on where it was.
final class SimTrace {
  private final CutoverModel model;
  private final Map<Move, List<Entry>> moves = new HashMap<>();
  private @Nullable String objection;

  SimTrace(CutoverModel model) {
    this.model = model;
  }

  /// A move is about to begin.
  void begins(Move move) {
    judge(moves.put(move, new ArrayList<>()));
    taken();
  }

  private void judge(@Nullable List<Entry> done) {
    if (done != null && objection == null) {
      String why = model.objection(done);
      objection = why == null ? null : why + " In: " + done;
    }
  }

  /// A console begins to do something.
  void starts(String task) {
    if (task.startsWith("Take up") || task.startsWith("Prove") || task.equals("Roll back")) {
      taken();
    }
  }

  private void taken() {
    for (List<Entry> entries : moves.values()) {
      if (!entries.isEmpty()) {
        entries.add(new Entry("", Act.RESUMED, entries.getLast().epoch()));
      }
    }
  }

  /// What a deposed console does where nobody has heard of the newer epoch yet is in no journal.
  ///
  /// @param newest epoch that was given
  void done(SimStep step, Act act, StepContext context, long newest) {
    if (context.lossAcknowledged() || context.newSideGivenUp()) {
      // With an operator's word even a commit that cannot be seen is taken back; the judge does not
      // speak of that.
      moves.clear();
    }
    List<Entry> entries = moves.get(context.move());
    if (entries != null && step.stage() != Stage.WORK && context.epoch() == newest) {
      Entry entry = new Entry(step.id(), act, context.epoch());
      // What is undone may be undone in several attempts.
      if (act == Act.RUN || entries.isEmpty() || !entries.getLast().equals(entry)) {
        entries.add(entry);
      }
    }
  }

  /// What the model does not allow; null when it allows all.
  @Nullable String objection() {
    moves.values().forEach(this::judge);
    return objection;
  }
}
