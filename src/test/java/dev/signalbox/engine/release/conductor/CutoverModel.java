package dev.signalbox.engine.release.conductor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The orders of steps that the model of the cutover allows, read from the model's own text: the
/// steps that it runs, those that it undoes, and the label behind which nothing is undone.
///
/// @param runs ids of the steps in the order in which they run
/// @param undos ids of the steps in the order in which they are undone
/// @param finish how many of [#runs] come before the point of no return
record CutoverModel(List<String> runs, List<String> undos, int finish) {
  static final Path FILE = Path.of("src/test/model/cutover.pml");

  private static final Pattern LABEL =
      Pattern.compile("printf\\(\"(run|undo) (\\S+) %d|^(FINISH):");

  enum Act {
    /// The step was done.
    RUN,
    /// The step was taken back.
    UNDO,
    /// The move held, and the same console takes it up again; the step is empty.
    RESUMED
  }

  /// What one move's journal says, in its order.
  record Entry(String step, Act act, long epoch) {}

  CutoverModel {
    runs = List.copyOf(runs);
    undos = List.copyOf(undos);
  }

  static CutoverModel read() throws IOException {
    List<String> runs = new ArrayList<>();
    List<String> undos = new ArrayList<>();
    int finish = -1;
    for (String line : Files.readAllLines(FILE)) {
      Matcher label = LABEL.matcher(line);
      while (label.find()) {
        if (label.group(3) != null) {
          finish = runs.size();
        } else {
          (label.group(1).equals("run") ? runs : undos).add(label.group(2));
        }
      }
    }
    if (finish <= 0 || finish == runs.size()) {
      throw new IOException("The label FINISH is not between the steps of " + FILE + ".");
    }
    return new CutoverModel(runs, undos, finish);
  }

  /// The model of an environment that has only some of the planes.
  CutoverModel only(Set<String> planes) {
    Predicate<String> there = step -> planes.contains(step.substring(0, step.indexOf('.')));
    return new CutoverModel(
        runs.stream().filter(there).toList(),
        undos.stream().filter(there).toList(),
        Math.toIntExact(runs.subList(0, finish).stream().filter(there).count()));
  }

  /// Why the model does not allow a move that went like this, perhaps not to its end; null when it
  /// does. After a takeover or a resumption a move may go on behind the point of no return, when
  /// everything before the commit was done (it was seen done), or be undone.
  @Nullable String objection(List<Entry> move) {
    return new Judge().objection(move);
  }

  private final class Judge {
    private final Set<String> undone = new HashSet<>();
    private int done;
    private int back = -1;
    private boolean takenUp;
    private long epoch;

    @Nullable String objection(List<Entry> move) {
      for (Entry entry : move) {
        if (entry.epoch() < epoch) {
          return entry + " carries an older epoch than " + epoch + ".";
        }
        if ((entry.epoch() > epoch && epoch != 0) || entry.act() == Act.RESUMED) {
          takenUp = true;
          back = -1;
        }
        epoch = entry.epoch();
        String why =
            switch (entry.act()) {
              case RUN -> run(entry.step());
              case UNDO -> undo(entry.step());
              case RESUMED -> null;
            };
        if (why != null) {
          return entry + " is not allowed: " + why;
        }
      }
      return null;
    }

    private @Nullable String run(String step) {
      int at = runs.indexOf(step);
      if (at < 0) {
        return "the model has no such step.";
      }
      if (back >= 0 || !undone.isEmpty()) {
        return "the move is being undone.";
      }
      boolean again = takenUp && at >= finish && at < done;
      boolean seenDone = takenUp && at == finish && done == finish - 1;
      boolean next = at == done && (at >= finish || !takenUp);
      if (!again && !seenDone && !next) {
        return takenUp
            ? "a move that was taken up goes on behind the point of no return, or is undone."
            : "next is " + (done < runs.size() ? runs.get(done) : "the end") + ".";
      }
      done = again ? done : at + 1;
      return null;
    }

    private @Nullable String undo(String step) {
      int at = undos.indexOf(step);
      if (at < 0) {
        return "the model undoes no such step.";
      }
      if (done >= finish) {
        return "what was committed is not undone.";
      }
      if (at <= back) {
        return "steps are undone from the last to the first.";
      }
      for (String before : undos.subList(0, at)) {
        if (runs.indexOf(before) < done && !undone.contains(before)) {
          return before + " was done later and must be undone before.";
        }
      }
      undone.add(step);
      back = at;
      return null;
    }
  }
}
