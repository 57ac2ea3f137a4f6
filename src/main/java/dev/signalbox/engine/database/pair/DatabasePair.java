package dev.signalbox.engine.database.pair;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.database.sync.Channel;
import dev.signalbox.engine.environment.DatabaseSettings;
import dev.signalbox.engine.postgres.Catalogue;
import dev.signalbox.engine.postgres.Guarded;
import dev.signalbox.engine.postgres.PostgresServer;
import dev.signalbox.engine.postgres.PostgresSession;
import dev.signalbox.engine.release.Stage;
import dev.signalbox.engine.release.StepContext;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jdbi.v3.core.HandleConsumer;

/// Both servers of an environment and what is configured for them.
///
/// @param environment its name; the replication objects are named after it
public record DatabasePair(
    String environment, DatabaseSettings settings, Map<Colour, PostgresServer> servers) {
  /// Within this a side that is well answers a short question.
  public static final Duration ANSWER = Duration.ofSeconds(4);

  private static final Duration LOOK = Duration.ofSeconds(10);

  public PostgresServer server(Colour colour) {
    return Objects.requireNonNull(servers.get(colour), () -> "no server for " + colour);
  }

  public Channel from(Colour colour) {
    return Channel.of(
        settings.name().isEmpty() ? environment : environment + "/" + settings.name(), colour);
  }

  /// A step of this database's plane.
  public DatabaseStep step(
      String verb,
      String title,
      Stage stage,
      Duration timeout,
      DatabaseStep.See see,
      DatabaseStep.Act act,
      DatabaseStep.TakeBack takeBack) {
    return new DatabaseStep(
        settings.plane() + "." + verb, titled(title), stage, timeout, see, act, takeBack);
  }

  /// One outside a move.
  public DatabaseStep work(
      String verb,
      String title,
      Duration timeout,
      DatabaseStep.See see,
      DatabaseStep.Act act,
      DatabaseStep.TakeBack takeBack) {
    return step(verb, title, Stage.WORK, timeout, see, act, takeBack);
  }

  /// Names the database, where there are several.
  public String titled(String title) {
    return settings.name().isEmpty() ? title : title + " (" + settings.name() + ")";
  }

  public List<String> schemas() {
    return settings.schemas();
  }

  /// The tables of a side, each with the state of its fence.
  public List<Catalogue.Table> tables(Colour colour) throws SQLException {
    return look(colour, ANSWER, h -> Catalogue.tables(h, schemas()));
  }

  /// Asks a side, within 10 s.
  public <T> T look(Colour colour, PostgresSession.Work<T> work) throws SQLException {
    return look(colour, LOOK, work);
  }

  /// Asks a side.
  public <T> T look(Colour colour, Duration timeout, PostgresSession.Work<T> work)
      throws SQLException {
    return Guarded.ask(server(colour), "look", timeout, work);
  }

  /// A short change in a transaction of its own that begins with the assertion of the epoch.
  public void guarded(Colour colour, StepContext context, HandleConsumer<SQLException> work)
      throws SQLException {
    Guarded.run(server(colour), "plane", ANSWER, context.epoch(), work);
  }
}
