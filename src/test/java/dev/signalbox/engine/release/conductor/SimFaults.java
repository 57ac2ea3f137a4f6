package dev.signalbox.engine.release.conductor;

import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/// What goes wrong in a run, and when: drawn from the seed of the run. Each fault that strikes has
/// a number, so that a failing run can be repeated with fewer of them.
final class SimFaults {
  enum Fault {
    /// It did nothing and says so.
    FAILS,
    /// It did what it should, and its answer was lost.
    ANSWER_LOST,
    /// It does nothing and does not answer.
    HANGS,
    /// It does not answer, and does what it should when nobody waits any more.
    ACTS_LATE,
    /// Its COMMIT hangs in the server: its answer is lost, and it is carried out much later.
    COMMITS_LATE,
    /// The console dies before it.
    DIES_BEFORE,
    /// The console dies after it.
    DIES_AFTER
  }

  private static final Set<String> RARE =
      Set.of("journal MOVE_DONE", "journal UNDO_FAILED", "look at database.remove");

  /// How often each fault struck at each place.
  static final class Coverage {
    private final TreeMap<String, Long> hits = new TreeMap<>();

    synchronized void hit(Fault fault, String place) {
      hits.merge(fault + " at " + place, 1L, Long::sum);
    }

    synchronized SortedMap<String, Long> hits() {
      return new TreeMap<>(hits);
    }
  }

  private final Random random;
  private final Coverage coverage;
  private final Set<Integer> left;
  private final TreeMap<Integer, String> struck = new TreeMap<>();
  private final double likely;
  private final Set<String> often;
  private String last = "";
  private boolean calm;
  private int count;

  /// @param left numbers of faults that do not strike this time
  /// @param often places where something goes wrong more often than not
  SimFaults(Random random, Coverage coverage, Set<Integer> left, Set<String> often) {
    this.often = often;
    this.random = random;
    this.coverage = coverage;
    this.left = new TreeSet<>(left);
    this.likely = new double[] {0.01, 0.03, 0.08, 0.2}[random.nextInt(4)];
  }

  /// From now on nothing goes wrong.
  void calm() {
    calm = true;
  }

  /// What strikes at this place; null for nothing.
  @org.jspecify.annotations.Nullable
  Fault at(String place, Fault... possible) {
    // What is rare must be hit, too.
    boolean rare =
        RARE.contains(place)
            || often.contains(place)
            || (place.startsWith("undo") && place.equals(last));
    double chance = rare ? Math.max(likely, 0.6) : likely;
    if (calm || random.nextDouble() >= chance) {
      return null;
    }
    Fault fault = possible[random.nextInt(possible.length)];
    int number = count++;
    if (left.contains(number)) {
      return null;
    }
    struck.put(number, fault + " at " + place);
    last = place;
    coverage.hit(fault, place);
    return fault;
  }

  /// Something else that a seed decides and that can be left out, for example a command.
  boolean also(String what) {
    int number = count++;
    if (calm || left.contains(number)) {
      return false;
    }
    struck.put(number, what);
    return true;
  }

  SortedMap<Integer, String> struck() {
    return struck;
  }
}
