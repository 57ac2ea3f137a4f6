package dev.signalbox.engine.database.pair;

import dev.signalbox.engine.postgres.SqlState;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;

/// A step made of three pieces of work. A refusal of the epoch becomes a [DeposedException].
public record DatabaseStep(
    String id, String title, Stage stage, Duration timeout, See see, Act act, TakeBack takeBack)
    implements Step {
  @Override
  public Reality observe(StepContext context) throws Exception {
    try {
      return see.done(context) ? Reality.DONE : Reality.NOT_DONE;
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public String run(StepContext context) throws Exception {
    try {
      return act.run(context);
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  @Override
  public void undo(StepContext context) throws Exception {
    try {
      takeBack.undo(context);
    } catch (SQLException e) {
      throw translated(e);
    }
  }

  private static Exception translated(SQLException e) {
    return SqlState.DEPOSED.equals(e.getSQLState())
        ? new DeposedException("Another console drives: " + e.getMessage(), e)
        : e;
  }

  public interface See {
    boolean done(StepContext context) throws Exception;
  }

  public interface Act {
    String run(StepContext context) throws Exception;
  }

  public interface TakeBack {
    void undo(StepContext context) throws Exception;

    /// For a step that leaves nothing behind.
    static TakeBack nothing() {
      return context -> {};
    }
  }
}
