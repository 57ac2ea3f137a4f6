package dev.signalbox.cluster.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.signalbox.cluster.state.StackSwitch.OpenQueries;
import dev.signalbox.strategy.Strategy;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StackSwitchTest {
  @TempDir Path folder;

  private StackSwitch open() throws IOException {
    return new StackSwitch(new StateFile(folder.resolve("state")), Strategy.BLUE);
  }

  @Test
  void whatWasCommandedSurvives() throws Exception {
    StackSwitch board = open();
    assertThat(board.state()).isEqualTo(ClusterState.initial(Strategy.BLUE));
    board.announce(3, Strategy.GREEN);
    assertThat(open().state()).isEqualTo(board.state());
    assertThat(board.state().wanted()).isEqualTo(Strategy.GREEN);
    board.makeLive(3, Strategy.GREEN, OpenQueries.REFUSE, s -> 0);
    board.suspend(4, true);
    ClusterState read = open().state();
    assertThat(read).isEqualTo(board.state());
    assertThat(read.live()).isEqualTo(Strategy.GREEN);
    assertThat(read.announced()).isNull();
    assertThat(read.suspended()).isTrue();
    assertThat(read.epoch()).isEqualTo(4);
    assertThat(read.changedAt()).isPositive();
    assertThatThrownBy(() -> open().announce(3, Strategy.BLUE)).hasMessageContaining("deposed");
  }

  @Test
  void announcingTheLiveOneTakesItBack() throws Exception {
    StackSwitch board = open();
    board.announce(1, Strategy.GREEN);
    board.announce(1, Strategy.BLUE);
    assertThat(board.state().announced()).isNull();
    assertThatThrownBy(() -> board.makeLive(1, Strategy.GREEN, OpenQueries.LET_END, s -> 0))
        .hasMessageContaining("green is not announced");
    board.makeLive(1, Strategy.BLUE, OpenQueries.REFUSE, s -> 7);
    board.makeLive(1, Strategy.GREEN, OpenQueries.FORCE, s -> 7);
    assertThat(board.closed(Strategy.BLUE)).isTrue();
    board.announce(1, Strategy.BLUE);
    assertThat(board.closed(Strategy.BLUE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{}", "{\"live\":\"red\"}", "{\"live\":\"blue\"}", "\0\0\0"})
  void aStateThatCannotBeUnderstoodIsNotGuessed(String text) throws Exception {
    Files.writeString(folder.resolve("state"), text);
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cannot be understood");
  }

  @Test
  void whatCannotBeWrittenDoesNotHappen() throws Exception {
    StackSwitch board = open();
    Files.createDirectories(folder.resolve("state.next/full"));
    assertThatThrownBy(() -> board.announce(1, Strategy.GREEN))
        .hasMessageContaining("nothing was changed");
    assertThat(board.state()).isEqualTo(ClusterState.initial(Strategy.BLUE));
  }

  /// Threads begin and end queries on both stacks while a console changes over and back. No query
  /// may be open on the old stack when it was made live without one, nor begin there afterwards.
  @Test
  void noQuerySlipsInWhenAStackIsMadeLive() throws Exception {
    long seed = System.nanoTime();
    StackSwitch board = open();
    Map<Strategy, AtomicInteger> open =
        Map.of(Strategy.BLUE, new AtomicInteger(), Strategy.GREEN, new AtomicInteger());
    AtomicBoolean over = new AtomicBoolean();
    List<CompletableFuture<Integer>> clients = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Random random = new Random(seed + i);
      clients.add(
          CompletableFuture.supplyAsync(
              () -> {
                int begun = 0;
                while (!over.get()) {
                  Strategy strategy = random.nextBoolean() ? Strategy.BLUE : Strategy.GREEN;
                  try {
                    int _ = board.admit(strategy, () -> of(open, strategy).incrementAndGet());
                  } catch (StatusRuntimeException e) {
                    assertThat(e).hasMessage("UNKNOWN: status: 456");
                    continue;
                  }
                  begun++;
                  if (random.nextInt(4) == 0) {
                    Thread.onSpinWait();
                  }
                  int _ = of(open, strategy).decrementAndGet();
                }
                return begun;
              },
              task -> Thread.ofPlatform().daemon().start(task)));
    }
    int changes = 0;
    int refused = 0;
    while (changes < 100) {
      Strategy next = board.state().live().other();
      board.announce(1, next);
      try {
        board.makeLive(1, next, OpenQueries.REFUSE, s -> of(open, s).get());
      } catch (StatusRuntimeException e) {
        assertThat(e).hasMessageContaining("open quer");
        refused++;
        continue;
      }
      changes++;
      for (int look = 0; look < 100; look++) {
        assertThat(of(open, next.other()).get()).as("seed %d", seed).isZero();
      }
    }
    over.set(true);
    int begun = 0;
    for (CompletableFuture<Integer> client : clients) {
      begun += client.get();
    }
    assertThat(begun).as("seed %d, %d refused", seed, refused).isPositive();
  }

  private static AtomicInteger of(Map<Strategy, AtomicInteger> open, Strategy strategy) {
    return Objects.requireNonNull(open.get(strategy));
  }
}
