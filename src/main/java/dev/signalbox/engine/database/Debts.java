package dev.signalbox.engine.database;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.replication.Subscription;
import dev.signalbox.engine.postgres.Fence;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// A side that was opened while the other one did not answer owes that the other one is closed. It
/// is written down on the side that was opened, and paid as soon as both answer while a console
/// drives.
///
/// Both sides may owe each other, when the one that was opened without the other was given up
/// itself: the newer debt counts.
final class Debts {
  private static final String KEY = "debt";

  /// Key of the side whose writes were given up.
  private static final String CUT = "cut";

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final DatabasePair pair;
  private final Fencing fencing;

  Debts(DatabasePair pair, Fencing fencing) {
    this.pair = pair;
    this.fencing = fencing;
  }

  /// @param debtor the side to be closed
  /// @param since when it was written down; a later text is a newer debt
  record Debt(Colour debtor, String since) {}

  /// What the server that is asked owes.
  static Optional<Debt> of(Handle h) {
    String[] parts = Fencing.value(h, KEY).split(" ", 2);
    return parts.length < 2
        ? Optional.empty()
        : Optional.of(new Debt(Colour.parse(parts[0]), parts[1]));
  }

  /// In the transaction of `c`, on the side that is opened.
  private static void remember(Handle h, Colour debtor, StepContext context) {
    Fencing.remember(
        h,
        KEY,
        "%s %019d %019d".formatted(debtor.id(), context.epoch(), System.currentTimeMillis()));
  }

  /// The same, and that what the debtor took is given up.
  static void cut(Handle h, Colour debtor, StepContext context) {
    remember(h, debtor, context);
    Fencing.remember(h, CUT, debtor.id());
  }

  static void forget(Handle h) {
    Fencing.forget(h, KEY);
    Fencing.forget(h, CUT);
  }

  void owe(Colour debtor, StepContext context) throws SQLException {
    fencing.guarded(
        debtor.other(),
        context,
        h -> {
          remember(h, debtor, context);
        });
  }

  /// Asked so that no change that is still under way can answer otherwise later.
  boolean owes(Colour creditor, StepContext context) throws SQLException {
    return Guarded.question(pair.server(creditor), "look", LOOK, context.epoch(), Debts::of)
        .filter(debt -> debt.debtor() == creditor.other())
        .isPresent();
  }

  /// Closes a side that could not be closed when the other one was opened.
  ///
  /// @return what was done; empty when there is no debt or it cannot be paid yet
  String pay(StepContext context, Colour creditor) throws SQLException, InterruptedException {
    Optional<Debt> debt = look(creditor, Debts::of);
    if (debt.isEmpty() || fencing.settled(creditor, context, LOOK) != Fence.State.OPEN) {
      return "";
    }
    Colour debtor = debt.get().debtor();
    String since = debt.get().since();
    if (look(debtor, Debts::of).filter(d -> d.since().compareTo(since) > 0).isPresent()) {
      return "";
    }
    fencing.close(debtor, context);
    boolean cut = look(creditor, h -> Fencing.value(h, CUT)).equals(debtor.id());
    fencing.guarded(
        debtor,
        context,
        h -> {
          Fencing.forget(h, KEY);
          if (cut) {
            // Its rows have gone another way: what it is sent would only fail there.
            Subscription.disable(h, pair.from(creditor));
          }
        });
    fencing.guarded(
        creditor,
        context,
        h -> {
          Fencing.forget(h, KEY);
        });
    return debtor + " answers again and was closed for writes";
  }

  private <T> T look(Colour colour, PostgresSession.Work<T> work) throws SQLException {
    return Guarded.ask(pair.server(colour), "look", LOOK, work);
  }
}
