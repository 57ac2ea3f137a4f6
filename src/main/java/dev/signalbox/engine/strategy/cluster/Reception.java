package dev.signalbox.engine.strategy.cluster;

import dev.signalbox.engine.strategy.client.Strategy;
import dev.signalbox.engine.strategy.cluster.access.CallFacts;
import dev.signalbox.engine.strategy.cluster.access.Failures;
import dev.signalbox.engine.strategy.cluster.session.Queries;
import dev.signalbox.engine.strategy.cluster.session.Query;
import dev.signalbox.engine.strategy.cluster.session.Session;
import dev.signalbox.engine.strategy.cluster.session.Sessions;
import dev.signalbox.engine.strategy.cluster.state.Switchboard;
import io.grpc.Status;

/// What every call of a client goes through: whether its stack answers it now, and which session
/// and which query it is for. Thread-safe.
final class Reception {
  private final Switchboard switchboard;
  private final Sessions sessions;
  private final Queries queries;

  Reception(Switchboard switchboard, Sessions sessions, Queries queries) {
    this.switchboard = switchboard;
    this.sessions = sessions;
    this.queries = queries;
  }

  /// Where new queries belong, as every answer that can says it.
  String wanted() {
    return switchboard.state().wanted().wire();
  }

  /// The stack of a call that begins something new.
  ///
  /// @throws io.grpc.StatusRuntimeException when it takes none
  Strategy beginning() {
    Strategy strategy = CallFacts.current().strategy();
    switchboard.check(strategy);
    return strategy;
  }

  /// The session of a call that begins something new.
  Session beginning(String sessionId) {
    return sessions.require(sessionId, beginning());
  }

  /// The session of a call on what is open.
  Session ongoing(String sessionId) {
    Strategy strategy = CallFacts.current().strategy();
    if (switchboard.closed(strategy)) {
      throw Failures.wrongStrategy();
    }
    return sessions.require(sessionId, strategy);
  }

  /// An open query of the caller.
  Query query(String sessionId, String queryId) {
    Session session = ongoing(sessionId);
    return queries
        .find(session, queryId)
        .orElseThrow(() ->
            switchboard.state().accepts(session.strategy())
                ? Failures.of(
                    Status.Code.NOT_FOUND,
                    "There is no open query '"
                        + (queryId.length() > 64 ? queryId.substring(0, 64) + "…" : queryId)
                        + "' in this session. It failed, was cleared, or was idle for too long.")
                : Failures.wrongStrategy());
  }
}
