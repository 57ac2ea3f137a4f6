package dev.signalbox.engine.database.sync;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// A method by which what is written on one side reaches the other, both ways at once. Thread-safe.
///
/// Whatever the method, the [Marker] travels with the rows: seen on the other side, it proves that
/// all that was committed before it has arrived.
public interface Sync {
  /// From now on what is written on the release's origin reaches its target; what is there already
  /// is copied.
  List<Step> copy(ReleaseInfo release);

  /// From now on what reaches the target is only what it will still have when the release's
  /// migrations are applied there. When this returns, what was sent with more has arrived.
  ///
  /// @return whether that is less than before
  boolean narrow(ReleaseInfo release, StepContext context)
      throws SQLException, InterruptedException;

  /// From now on what is written on the target reaches the origin.
  List<Step> wayBack(ReleaseInfo release);

  /// Whether nothing of either direction is left.
  boolean removed() throws SQLException;

  /// Takes both directions away. What a side that does not answer keeps is found and removed by the
  /// next release.
  ///
  /// @throws SQLException when neither side answers
  void remove(StepContext context) throws SQLException;

  /// The ends of both directions on `side`.
  ///
  /// @param h on the server of `side`
  Ends look(Handle h, Colour side);

  /// Those of the tables whose writes do not leave `side`, although it sends others. Costs time
  /// with many tables.
  List<TableName> unreplicated(Handle h, Colour side, List<Catalogue.Table> tables);

  /// What `from` has still to send does not arrive any more. In the transaction of `h`, on the
  /// other side.
  void sever(Handle h, Colour from);

  /// Takes [#sever] back.
  void rejoin(Handle h, Colour from);

  /// Ends what is being applied from a side that was severed.
  ///
  /// @return whether something was
  boolean endWork(Handle h, Colour from);

  /// Forgets what the directions were made as: before a release, and on a side that starts anew.
  void forget(Handle h);
}
