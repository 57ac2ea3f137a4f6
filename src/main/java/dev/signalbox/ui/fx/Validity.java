package dev.signalbox.ui.fx;

import dev.signalbox.engine.ApplicationView;
import dev.signalbox.engine.DatabaseView;
import dev.signalbox.engine.DatabaseView.Server;
import dev.signalbox.engine.EngineSnapshot;
import dev.signalbox.engine.GateView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What of a snapshot may be believed at a moment. What is not known is neither none nor well.
///
/// @param fresh whether the engine published lately at all
/// @param journal what is known of the release
/// @param journalSince since when the journal could not be read; null while it is read, and when it
///   never was
/// @param application whether router and stacks were looked at lately
/// @param databases ids of the databases of which both servers answered lately: lag and comparison
///   need both
public record Validity(
    boolean fresh,
    Journal journal,
    @Nullable Instant journalSince,
    boolean application,
    Set<String> databases) {
  /// Whether the journal tells how the release stands.
  public enum Journal {
    /// It was never read: there may be a release.
    NEVER,
    /// It was read once; what it said may be overtaken.
    OLD,
    KNOWN
  }

  /// A console that looks on reads the journal a few times in the life of a lease.
  private static final Duration JOURNAL_LOOK = Duration.ofSeconds(3);

  public static Validity of(EngineSnapshot state, Instant now) {
    Duration poll = state.pollInterval();
    boolean fresh = !Age.isStale(state.at(), now, poll);
    ApplicationView application = state.application();
    Set<String> databases = new HashSet<>();
    boolean anyDatabase = false;
    for (DatabaseView database : state.databases()) {
      boolean both = fresh && !Age.isStale(database.at(), now, poll);
      for (Server server : database.servers().values()) {
        boolean answers = answers(server, now, poll);
        anyDatabase |= answers;
        both &= answers;
      }
      if (both) {
        databases.add(database.id());
      }
    }
    Instant readAt = state.journalReadAt();
    Duration look = poll.compareTo(JOURNAL_LOOK) < 0 ? JOURNAL_LOOK : poll;
    // Who drives is the only one who writes, and knows what the journal says as long as he can.
    boolean writes = state.lease().mine() && anyDatabase;
    Journal journal =
        readAt == null
            ? Journal.NEVER
            : fresh && (writes || !Age.isStale(readAt, now, look)) ? Journal.KNOWN : Journal.OLD;
    return new Validity(
        fresh,
        journal,
        journal == Journal.OLD ? since(fresh, readAt, state.at()) : null,
        fresh && application != null && !Age.isStale(application.at(), now, poll),
        Set.copyOf(databases));
  }

  private static @Nullable Instant since(
      boolean fresh, @Nullable Instant readAt, Instant published) {
    return fresh || (readAt != null && readAt.isBefore(published)) ? readAt : published;
  }

  /// Whether a server answered lately.
  public static boolean answers(Server server, Instant now, Duration poll) {
    return server.reachable() && !Age.isStale(server.at(), now, poll);
  }

  /// Whether both servers of a database answered lately.
  public boolean sees(DatabaseView database) {
    return databases.contains(database.id());
  }

  /// Whether what a gate judges was looked at lately: what passed once may not pass now.
  public boolean sees(GateView gate) {
    if (gate.id().startsWith("application.")) {
      return application;
    }
    return fresh
        && (!gate.id().startsWith("database.")
            || databases.stream().anyMatch(id -> gate.id().startsWith(id + ".")));
  }

  public boolean knowsRelease() {
    return journal == Journal.KNOWN;
  }

  /// Why nothing is known of the release, and since when; empty when it is known.
  public String unknownRelease() {
    return journal == Journal.KNOWN
        ? ""
        : !fresh && journalSince != null
            ? Messages.text("unknown.engine", Format.utc(journalSince))
            : journalSince == null
                ? Messages.text("unknown.journal")
                : Messages.text("unknown.journal.since", Format.utc(journalSince));
  }
}
