package dev.signalbox.engine.strategy.step;

import dev.signalbox.engine.Move;
import dev.signalbox.engine.release.StepContext;
import dev.signalbox.engine.strategy.control.ClusterStatus;
import dev.signalbox.engine.strategy.control.ControlClient;
import dev.signalbox.engine.strategy.control.EngineStatus;
import dev.signalbox.engine.strategy.control.OpenQuery;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Waits until the queries that began on the old stack before the announcement have ended, and says
/// all the time how many are left and which is the oldest.
///
/// Clients that do not listen would begin new ones there for ever: once every query that is left
/// began after the announcement, the step is done, and making the target live turns those clients
/// away from it.
///
/// @param patience how long it may take
public record DrainStep(ControlClient client, Move move, Duration patience)
    implements StrategyStep {
  /// How long clients have to hear of an announcement in an answer.
  private static final Duration HEARD = Duration.ofSeconds(5);

  private static final Duration POLL = Duration.ofMillis(100);

  @Override
  public String id() {
    return "strategy.drain";
  }

  @Override
  public String title() {
    return "Let queries on " + move.from() + " end";
  }

  /// Above the patience, so that what is said at the end names the query that is in the way.
  @Override
  public Duration timeout() {
    return patience.plusSeconds(5);
  }

  @Override
  public String run(StepContext context) throws IOException, InterruptedException {
    Instant began = Instant.now();
    while (true) {
      context.check();
      ClusterStatus status = client.status();
      if (!status.getAnnounced().equals(move.to().id())
          && !status.getLive().equals(move.to().id())) {
        throw new IOException(
            move.to() + " is no longer announced: the query cluster was commanded by another.");
      }
      EngineStatus source = engine(status, move.from());
      if (source.getOpenQueries() == 0) {
        return "No query is open on " + move.from();
      }
      Duration announced = Duration.ofMillis(status.getNow() - status.getChangedAt());
      Duration oldest = Duration.ofMillis(source.getOldestQueryMillis());
      if (announced.compareTo(HEARD) > 0 && oldest.compareTo(announced) < 0) {
        return source.getOpenQueries()
            + " queries are open on "
            + move.from()
            + ", all begun after the announcement by clients that do not follow it";
      }
      String left = left(source, oldest, oldest(status));
      if (Duration.between(began, Instant.now()).compareTo(patience) > 0) {
        throw new IOException(
            left + ". Cancel it, and resume to wait for the others; or roll back.");
      }
      context.progress(left);
      Thread.sleep(POLL);
    }
  }

  private Optional<OpenQuery> oldest(ClusterStatus status) {
    return status.getQueriesList().stream()
        .filter(query -> query.getStrategy().equals(move.from().id()))
        .findFirst();
  }

  private String left(EngineStatus source, Duration age, Optional<OpenQuery> oldest) {
    int open = source.getOpenQueries();
    return open
        + (open == 1 ? " query is" : " queries are")
        + " open on "
        + move.from()
        + ", the oldest for "
        + age.toSeconds()
        + " s"
        + oldest
            .map(q -> ": " + q.getQueryId() + " of " + q.getUser() + ", " + line(q.getSql()))
            .orElse("");
  }

  private static String line(String sql) {
    String line = sql.strip().replaceAll("\\s+", " ");
    return line.length() > 80 ? line.substring(0, 80) + " …" : line;
  }
}
