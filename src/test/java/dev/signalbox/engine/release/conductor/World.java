package dev.signalbox.engine.release.conductor;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.release.DeposedException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// What outlives a console: two databases' fences, a router, and what the phases built. Every
/// change checks the epoch, as the real ones do.
final class World {
  private final MemoryJournal journal;
  final Set<Colour> fenced = EnumSet.of(Colour.GREEN);
  Colour route = Colour.BLUE;
  boolean holding;

  /// The console whose open transaction fences, if any: the fence ends with it.
  @Nullable Object fencer;

  @Nullable Colour heldFence;
  final Set<String> built = new LinkedHashSet<>();

  /// Fails once when this step runs; empty for none.
  volatile String failing = "";

  /// Fails whenever this step is undone; empty for none.
  volatile String failingUndo = "";

  /// Waits when this step runs until the latch is opened; empty for none.
  volatile String waiting = "";

  volatile boolean astray;

  /// The gate that is found shut when the planes look anew; empty for none.
  volatile String shutOnLook = "";

  /// Whether the planes were told to look anew.
  volatile boolean looked;

  /// Green's database does not answer.
  volatile boolean targetLost;

  /// Whether writes would be lost by a way back, nobody knows how many.
  volatile boolean lossy;

  /// Blue does not answer, as far as the risk of a way back is judged.
  volatile boolean silent;

  /// What giving up would throw away.
  volatile String thrownAway = "";

  /// The stack that is not healthy; null for none.
  volatile @Nullable Colour sick;

  /// The stack that traffic is on is not healthy any more when this step has run; empty for none.
  volatile String sickening = "";

  final CountDownLatch reached = new CountDownLatch(1);
  final CountDownLatch go = new CountDownLatch(1);

  World(MemoryJournal journal) {
    this.journal = journal;
  }

  synchronized void change(long epoch, Runnable change) {
    if (epoch != journal.epoch()) {
      throw new DeposedException("the world refuses epoch " + epoch);
    }
    change.run();
    if (writable().size() > 1) {
      throw new AssertionError("two writable stacks");
    }
  }

  /// The databases that applications can write to now.
  synchronized Set<Colour> writable() {
    Set<Colour> open = EnumSet.complementOf(EnumSet.copyOf(withHeld()));
    return open;
  }

  private Set<Colour> withHeld() {
    Set<Colour> all = EnumSet.noneOf(Colour.class);
    all.addAll(fenced);
    if (heldFence != null) {
      all.add(heldFence);
    }
    return all.isEmpty() ? EnumSet.noneOf(Colour.class) : all;
  }

  /// The console dies: its sessions end, its hold runs out.
  synchronized void consoleDied(Object console) {
    if (console.equals(fencer)) {
      fencer = null;
      heldFence = null;
    }
    holding = false;
  }
}
