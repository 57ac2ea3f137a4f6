package dev.signalbox.ui.order;

import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.Lever;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.engine.ReleaseView.MoveView;
import dev.signalbox.ui.order.Orders.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts answers away once what they tell is no longer so, or after a while. A failure stays
/// longest: until another command was done, its release ended, or nobody can still be looking for
/// it.
public final class NoticeKeeper {
  /// Long enough to be read, whatever became of it meanwhile.
  private static final Duration READ = Duration.ofSeconds(5);

  private static final Duration DONE = Duration.ofSeconds(30);
  private static final Duration REFUSED = Duration.ofMinutes(2);
  private static final Duration FAILED = Duration.ofMinutes(10);

  /// @param release number of the release that was not over then; 0 for none
  private record Seen(Instant at, long release) {}

  private final Orders orders;
  private final Map<Long, Seen> seen = new HashMap<>();

  public NoticeKeeper(Orders orders) {
    this.orders = orders;
  }

  /// To be called with each state. JavaFX thread, or the thread of a test.
  public void look(EngineSnapshot state, Instant now) {
    List<Notice> notices = List.copyOf(orders.notices());
    seen.keySet().retainAll(notices.stream().map(Notice::number).toList());
    long release = underWay(state.release());
    for (Notice notice : notices) {
      Seen first = seen.computeIfAbsent(notice.number(), _ -> new Seen(now, release));
      if (isOld(notice, first, state, now)) {
        orders.putAway(notice);
      } else if (!notice.over() && tookTooLong(notice, state)) {
        orders.markOver(notice);
      }
    }
  }

  private boolean isOld(Notice notice, Seen first, EngineSnapshot state, Instant now) {
    Duration age = Duration.between(first.at(), now);
    boolean read = age.compareTo(READ) >= 0;
    return switch (notice.state()) {
      case OrderState.Done _ -> age.compareTo(DONE) >= 0 || (read && isUndone(notice, state));
      case OrderState.Refused _ ->
          age.compareTo(REFUSED) >= 0 || (read && isFree(notice.action(), state));
      case OrderState.Failed _ ->
          age.compareTo(FAILED) >= 0
              || (read && (isSettled(notice) || underWay(state.release()) != first.release()));
      case OrderState.Idle _, OrderState.Sent _ -> true;
    };
  }

  private static long underWay(@Nullable ReleaseView release) {
    return release == null || release.endedAt() != null ? 0 : release.number();
  }

  /// A switch that is followed by another one.
  private static boolean isUndone(Notice notice, EngineSnapshot state) {
    ReleaseView release = state.release();
    return switch (notice.action()) {
      case CUT_OVER -> release == null || !release.onTarget();
      case ROLL_BACK -> release != null && release.onTarget();
      case START, RESUME, GIVE_UP, CLEAN_UP, TAKE_OVER, CANCEL_QUERY -> false;
    };
  }

  private static boolean isFree(Action action, EngineSnapshot state) {
    return action != Action.CANCEL_QUERY && state.lever(action.lever()) instanceof Lever.Free;
  }

  /// Whether another command of the release was done since.
  private boolean isSettled(Notice failed) {
    return failed.action() != Action.CANCEL_QUERY
        && orders.notices().stream()
            .anyMatch(each ->
                each.number() > failed.number()
                    && each.action() != Action.CANCEL_QUERY
                    && each.state() instanceof OrderState.Done);
  }

  private static boolean tookTooLong(Notice notice, EngineSnapshot state) {
    ReleaseView release = state.release();
    MoveView last = release == null ? null : release.lastStanding();
    return notice.state() instanceof OrderState.Done
        && (notice.action() == Action.CUT_OVER || notice.action() == Action.ROLL_BACK)
        && last != null
        && last.stall() != null
        && last.stall().compareTo(state.stallBudget()) > 0;
  }
}
