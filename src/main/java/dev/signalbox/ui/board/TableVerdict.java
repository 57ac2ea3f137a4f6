package dev.signalbox.ui.board;

import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Consistency;
import dev.signalbox.engine.DatabaseView.Direction;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.ReleaseView;
import dev.signalbox.ui.control.Sign;
import dev.signalbox.ui.fx.Format;
import dev.signalbox.ui.fx.Messages;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is said of a table beside its rows. It is called the same only by its own comparison, and
/// only while what is written to one side goes on to the other.
///
/// @param hint for the tooltip, after what else stands there
record TableVerdict(@Nullable Sign sign, String word, String hint) {
  static final TableVerdict NONE = new TableVerdict(null, "", "");
  static final TableVerdict UNKNOWN = of(Sign.UNKNOWN, "top.unknown");

  static TableVerdict of(Sign sign, String key) {
    return new TableVerdict(sign, Messages.text(key), "");
  }

  /// Of a table of the target, while both servers answer.
  static TableVerdict of(DatabaseView database, TableName table, ReleaseView release, Instant now) {
    Consistency comparison = database.consistency();
    Consistency.Compared found = comparison.of(table);
    if (found == null) {
      return switch (comparison.state()) {
        case NOT_RUN -> NONE;
        case RUNNING -> of(Sign.PENDING, "compare.running");
        case DIFFERENT, FAILED -> of(Sign.UNKNOWN, "compare.failed");
        case IDENTICAL -> elsewhere(comparison.at());
      };
    }
    String at = Format.utc(found.at());
    String hint = "\n" + Messages.text("compare.at", at);
    if (!found.same()) {
      return new TableVerdict(Sign.BAD, Messages.text("compare.different"), hint);
    }
    boolean old = Duration.between(found.at(), now).compareTo(Consistency.HOLDS) > 0;
    return old || !isInStep(database, release)
        ? new TableVerdict(
            Sign.UNKNOWN, Messages.text("compare.was", Format.utcMinute(found.at())), hint)
        : new TableVerdict(Sign.OK, Messages.text("compare.identical"), hint);
  }

  /// Another console did, and left behind only when.
  private static TableVerdict elsewhere(@Nullable Instant at) {
    return new TableVerdict(
        Sign.UNKNOWN,
        at == null
            ? Messages.text("compare.elsewhere.unknown")
            : Messages.text("compare.was", Format.utcMinute(at)),
        "\n"
            + Messages.text(
                "compare.elsewhere", at == null ? Messages.text("top.unknown") : Format.utc(at)));
  }

  private static boolean isInStep(DatabaseView database, ReleaseView release) {
    DatabaseView.Replication replication = database.replication();
    Direction leading = release.onTarget() ? replication.reverse() : replication.forward();
    return leading.state() == Direction.State.STREAMING;
  }
}
