package dev.signalbox.cluster;

import dev.signalbox.cluster.query.Cursor;
import io.grpc.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a small result at once, within a call.
final class SmallResult {
  private SmallResult() {}

  /// Its first column.
  static List<String> firsts(Cursor cursor, int most) {
    List<String> result = new ArrayList<>();
    for (var row : rows(cursor, most)) {
      result.add(Optional.ofNullable(row[0]).orElse(""));
    }
    return result;
  }

  /// When the client gives the call up, the statement is cancelled.
  static List<@Nullable String[]> rows(Cursor cursor, int most) {
    Context context = Context.current();
    Context.CancellationListener listener = given -> cursor.cancel();
    context.addListener(listener, Runnable::run);
    try {
      return cursor.texts(most);
    } finally {
      context.removeListener(listener);
    }
  }
}
