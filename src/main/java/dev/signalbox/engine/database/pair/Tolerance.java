package dev.signalbox.engine.database.pair;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.postgres.Unreachable;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Undoing must end well for the side that lives even when the other one is gone: what cannot be
/// removed there is said, and the next release finds and removes it.
public final class Tolerance {
  private static final Logger LOG = LoggerFactory.getLogger(Tolerance.class);

  private Tolerance() {}

  /// @return whether the side answered
  public static boolean of(StepContext context, Colour colour, Work work) throws SQLException {
    try {
      work.run();
      return true;
    } catch (SQLException e) {
      if (!Unreachable.is(e)) {
        throw e;
      }
      LOG.warn("{} does not answer; what this release created there stays for now", colour, e);
      context.progress(colour + " does not answer; what this release created there stays for now");
      return false;
    }
  }

  public interface Work {
    void run() throws SQLException;
  }
}
