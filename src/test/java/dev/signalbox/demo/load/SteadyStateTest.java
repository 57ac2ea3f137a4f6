package dev.signalbox.demo.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.signalbox.demo.load.SteadyState.Next;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SteadyStateTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void beginsAfterThreeCalmWindowsInARow() {
    SteadyState state = new SteadyState(100);
    assertThat(state.judge(window(60, 0, 40, 900))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(100, 0, 2, 150))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(100, 0, 2, 150))).isEqualTo(Next.GO_ON);
    // A long wait, a failure, a backlog, too few answers: each begins it again.
    assertThat(state.judge(window(100, 0, 2, 201))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(100, 1, 2, 150))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(100, 0, 22, 150))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(93, 0, 2, 150))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(95, 0, 20, 200))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(100, 0, 0, 10))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(105, 0, 2, 150))).isEqualTo(Next.BEGIN);
    assertThat(state.rate()).isEqualTo(new LoadRate(100, 100, 100, true, SECOND.multipliedBy(10)));
    assertThat(state.rate().sentence())
        .isEqualTo("Warm after 10 s: the demo goes on at 100 requests/s");
  }

  @Test
  void theRateBeginsLowAndDoublesWhileTheServiceFollows() {
    SteadyState state = new SteadyState(500);
    for (int rate : new int[] {100, 200, 400}) {
      assertThat(state.rate().rate()).isEqualTo(rate);
      assertThat(state.judge(window(rate / 2 - 1, 0, rate / 2 + 1, 900))).isEqualTo(Next.GO_ON);
      assertThat(state.judge(window(rate, 0, rate / 2, 900))).isEqualTo(Next.SEND);
    }
    assertThat(state.rate().rate()).isEqualTo(500);
  }

  @Test
  void triesTheSameRateAgainWhileMoreIsAnsweredThenLowersIt() {
    SteadyState state = new SteadyState(200);
    assertThat(state.judge(window(100, 0, 0, 20))).isEqualTo(Next.SEND);
    assertThat(overload(state, 80)).isEqualTo(200);
    assertThat(overload(state, 150)).isEqualTo(200);
    assertThat(overload(state, 165)).isEqualTo(130);
    for (int n = 1; n < 3; n++) {
      assertThat(state.judge(window(130, 0, 1, 20))).isEqualTo(Next.GO_ON);
    }
    assertThat(state.judge(window(130, 0, 1, 20))).isEqualTo(Next.BEGIN);
    assertThat(state.rate().isLowered()).isTrue();
    assertThat(state.rate().sentence())
        .isEqualTo(
            "Warm after 13 s: this machine carries about 160 of 200 requests/s; the demo goes on at"
                + " 130");
  }

  /// One window after which more wait than are sent in it, and two until none does.
  private static int overload(SteadyState state, int answered) {
    assertThat(state.judge(window(answered, 0, 202, 1_200))).isEqualTo(Next.PAUSE);
    assertThat(state.judge(window(answered, 0, 202 - answered, 2_000))).isEqualTo(Next.GO_ON);
    assertThat(state.judge(window(answered - 10, 0, 0, 2_000))).isEqualTo(Next.SEND);
    return state.rate().rate();
  }

  @Test
  void aServiceThatAnswersNothingIsGivenUp() {
    SteadyState state = new SteadyState(100);
    for (int n = 1; n < 10; n++) {
      assertThat(state.judge(window(100, 100, 0, 1))).isNotIn(Next.BEGIN, Next.GIVE_UP);
    }
    assertThat(state.judge(window(100, 100, 0, 1))).isEqualTo(Next.GIVE_UP);
  }

  @Test
  void aServiceThatFailsNowAndThenIsGivenUpInTheEnd() {
    SteadyState state = new SteadyState(100);
    Next next = Next.GO_ON;
    int windows = 0;
    while (next != Next.BEGIN && next != Next.GIVE_UP) {
      next = state.judge(window(100, 1, 1, 20));
      windows++;
    }
    assertThat(next).isEqualTo(Next.GIVE_UP);
    assertThat(windows).isEqualTo(60);
  }

  @Test
  void aServiceWhoseWaitsStayLongIsMeasuredAllTheSame() {
    SteadyState state = new SteadyState(10);
    for (int n = 1; n < 60; n++) {
      assertThat(state.judge(window(10, 0, 1, 500))).isEqualTo(Next.GO_ON);
    }
    assertThat(state.judge(window(10, 0, 1, 500))).isEqualTo(Next.BEGIN);
    assertThat(state.rate().steady()).isFalse();
    assertThat(state.rate().sentence())
        .isEqualTo("Not steady within 60 s: the demo goes on at 10 requests/s");
  }

  @Test
  void aRateThatIsMissedByLittleIsLoweredAllTheSame() {
    SteadyState state = new SteadyState(100);
    for (int n = 1; n <= 2; n++) {
      assertThat(state.judge(window(90, 0, 110, 1_200))).isEqualTo(Next.PAUSE);
      // It makes up for what it missed.
      assertThat(state.judge(window(110, 0, 0, 2_000))).isEqualTo(Next.SEND);
    }
    assertThat(state.rate().carried()).isEqualTo(95);
    assertThat(state.rate().rate()).isEqualTo(76);
  }

  @Test
  void aServiceThatIsStillOverloadedAtTheEndIsGivenUp() {
    SteadyState state = new SteadyState(5);
    Next next = Next.GO_ON;
    for (int n = 1; n <= 60; n++) {
      next = state.judge(next == Next.PAUSE ? window(1, 0, 0, 50) : window(1, 0, 9, 50));
      assertThat(next).isIn(Next.PAUSE, Next.SEND);
    }
    assertThat(state.judge(window(1, 0, 9, 50))).isEqualTo(Next.GIVE_UP);
  }

  /// Against a queue that is served at a constant rate, slowly at first.
  @ParameterizedTest
  @CsvSource({
    "500,5000,1",
    "500,520,8",
    "500,130,5",
    "5000,800,10",
    "5000,30,2",
    "200,1,1",
    "1,1000,4"
  })
  void findsARateThatTheServiceCarries(int asked, int capacity, int warming) {
    SteadyState state = new SteadyState(asked);
    double backlog = 0;
    boolean sending = true;
    int paused = 0;
    for (int second = 0; ; second++) {
      assertThat(second).isLessThan(75);
      double able = capacity * Math.min(1.0, (second + 1.0) / warming);
      // No request is open for longer than 10 s.
      paused = sending ? 0 : paused + 1;
      double due = paused > 10 ? 0 : backlog + (sending ? state.rate().rate() : 0);
      int served = (int) Math.round(Math.min(due, able));
      backlog = due - served;
      long wait = Math.round(1_000 * backlog / able);
      switch (state.judge(window(served, 0, (int) Math.ceil(backlog), wait))) {
        case GO_ON -> {}
        case PAUSE -> sending = false;
        case SEND -> sending = true;
        case GIVE_UP -> throw new AssertionError("given up at " + state.rate());
        case BEGIN -> {
          LoadRate found = state.rate();
          int possible = Math.min(asked, capacity);
          assertThat(found.rate()).isBetween(Math.max(1, possible / 2), possible);
          assertThat(found.steady()).isTrue();
          assertThat(found.isLowered()).isEqualTo(capacity < asked);
          return;
        }
      }
    }
  }

  private static LoadWindow window(int ended, int failed, int open, long longestMs) {
    Counts counts =
        new Counts(ended, failed, 0, 0, failed, ended - failed, 0, Duration.ofMillis(longestMs));
    return new LoadWindow(SECOND, counts, open);
  }
}
