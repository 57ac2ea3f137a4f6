package dev.signalbox.engine.database.replication;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.database.pair.DatabasePair;
import dev.signalbox.engine.database.pair.Tolerance;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.database.sync.Ends;
import dev.signalbox.engine.database.sync.Sync;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.release.Step;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.release.model.ReleaseInfo;
import java.sql.SQLException;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// PostgreSQL's own logical replication, from 16 on: each direction is a publication and a slot on
/// the side that sends, and a subscription on the side that takes. What came by replication is not
/// sent on (`origin = none`), so both directions can be on at once. Thread-safe.
public final class NativeSync implements Sync {
  private final DatabasePair pair;

  public NativeSync(DatabasePair pair) {
    this.pair = pair;
  }

  @Override
  public List<Step> copy(ReleaseInfo release) {
    return new NativeCopy(pair, new NativeChannels(pair), release).steps();
  }

  @Override
  public boolean narrow(ReleaseInfo release, StepContext context)
      throws SQLException, InterruptedException {
    return new NativeChannels(pair).narrow(release.origin(), context);
  }

  @Override
  public List<Step> wayBack(ReleaseInfo release) {
    return new NativeWayBack(pair, new NativeChannels(pair), release).steps();
  }

  @Override
  public boolean removed() throws SQLException {
    for (Colour colour : Colour.values()) {
      boolean left =
          pair.look(
              colour,
              h ->
                  Slot.exists(h, pair.from(colour))
                      || Publication.exists(h, pair.from(colour))
                      || Subscription.oid(h, pair.from(colour.other())) != 0);
      if (left) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void remove(StepContext context) throws SQLException {
    NativeChannels channels = new NativeChannels(pair);
    for (Colour colour : Colour.values()) {
      channels.disconnect(pair.from(colour), context);
      Tolerance.of(context, colour, () -> channels.dropPublication(pair.from(colour), context));
    }
  }

  @Override
  public Ends look(Handle h, Colour side) {
    Channel out = pair.from(side);
    Channel in = pair.from(side.other());
    return new Ends(
        Flow.sender(h, out),
        Flow.receiver(h, in),
        Flow.tables(h, in),
        Definitions.publicationAltered(h, out),
        Definitions.subscriptionAltered(h, in));
  }

  @Override
  public List<TableName> unreplicated(Handle h, Colour side, List<Catalogue.Table> tables) {
    return Publication.without(h, pair.from(side), tables);
  }

  @Override
  public void sever(Handle h, Colour from) {
    Subscription.disable(h, pair.from(from));
  }

  @Override
  public void rejoin(Handle h, Colour from) {
    Subscription.enable(h, pair.from(from));
  }

  /// One that waits for a server that hangs does not hear by itself that it was switched off.
  @Override
  public boolean endWork(Handle h, Colour from) {
    return Subscription.endWorkers(h, pair.from(from));
  }

  @Override
  public void forget(Handle h) {
    Definitions.forgetPublication(h);
    Definitions.forgetSubscription(h);
  }
}
