package dev.signalbox.app;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.MigrationControl;
import dev.signalbox.engine.MigrationView;
import dev.signalbox.engine.Outcome;
import dev.signalbox.engine.database.migration.Migrations;
import dev.signalbox.engine.database.migration.ScriptException;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.environment.Environment;
import dev.signalbox.engine.journal.PostgresLease;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.release.DeposedException;
import dev.signalbox.engine.release.Lease;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Migrations by hand. Changing anything takes the lease for as long as it lasts, so that nobody
/// migrates while a release is driven.
final class ServerMigrations implements MigrationControl {
  private final Map<Colour, PostgresServer> servers;
  private final Migrations migrations;
  private final PostgresLease lease;

  /// @param database one of the environment's
  ServerMigrations(Environment environment, DatabaseSettings database) {
    Servers all = new Servers(environment);
    servers = all.of(database);
    migrations = new Migrations(database.migrations(), database.schemas());
    lease = all.lease(Console.name() + " (migrate)");
  }

  @Override
  public List<MigrationView> status(Colour stack) {
    try {
      return migrations.status(server(stack)).stream().map(ServerMigrations::view).toList();
    } catch (SQLException | ScriptException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static MigrationView view(Migrations.State state) {
    return new MigrationView(
        state.version(),
        state.description(),
        switch (state.standing()) {
          case PENDING -> MigrationView.State.PENDING;
          case APPLIED -> MigrationView.State.APPLIED;
          case NOT_APPLIED ->
              state.outcome().equals("undone")
                  ? MigrationView.State.UNDONE
                  : MigrationView.State.FAILED;
          case SCRIPT_EDITED -> MigrationView.State.CHANGED;
          case SCRIPT_MISSING -> MigrationView.State.MISSING;
        },
        state.undoable(),
        state.at(),
        state.by(),
        state.at() == null ? null : state.took(),
        "");
  }

  @Override
  public Outcome apply(Colour stack) {
    return driving(epoch -> {
      List<String> done = migrations.apply(server(stack), epoch, null, version -> {});
      return done.isEmpty()
          ? stack + " has every migration already."
          : "Applied on " + stack + ": " + String.join(", ", done) + ".";
    });
  }

  @Override
  public Outcome undo(Colour stack, String downTo) {
    return driving(epoch -> {
      String to = downTo.isEmpty() ? belowNewest(stack) : downTo;
      List<String> done = migrations.undo(server(stack), epoch, to, version -> {});
      return done.isEmpty()
          ? "Nothing above " + to + " is applied on " + stack + "."
          : "Undone on " + stack + ": " + String.join(", ", done) + ".";
    });
  }

  /// The version under the newest applied one; `0` when there is none.
  private String belowNewest(Colour stack) throws SQLException, ScriptException {
    List<String> applied =
        migrations.status(server(stack)).stream()
            .filter(s -> s.outcome().equals("applied"))
            .map(Migrations.State::version)
            .toList();
    return applied.size() < 2 ? "0" : applied.get(applied.size() - 2);
  }

  private interface Work {
    String run(long epoch) throws SQLException, ScriptException, InterruptedException;
  }

  private Outcome driving(Work work) {
    long epoch;
    try {
      epoch = lease.acquire(false);
    } catch (Lease.HeldException e) {
      return new Outcome.Refused(
          Objects.requireNonNullElse(e.getMessage(), "Another console drives.")
              + " Nothing was changed. End that one for as long as the migration takes.");
    } catch (IllegalStateException e) {
      return new Outcome.Failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    }
    try (LeaseKeeper keeper = new LeaseKeeper(lease, epoch)) {
      return new Outcome.Done(work.run(keeper.epoch()));
    } catch (SQLException | ScriptException | DeposedException e) {
      return new Outcome.Failed(Objects.requireNonNullElse(e.getMessage(), e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Outcome.Failed("It was interrupted; what was applied stays applied.");
    }
  }

  private PostgresServer server(Colour colour) {
    return Objects.requireNonNull(servers.get(colour));
  }

  @Override
  public void close() {
    lease.close();
  }
}
