package dev.signalbox.cluster;

import dev.signalbox.cluster.access.CallFacts;
import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.session.ClientSession;
import dev.signalbox.cluster.session.ClientSessions;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.session.ServedQuery;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.strategy.Strategy;
import io.grpc.Status;

/// What every call of a client goes through: whether its stack answers it now, and which session
/// and which query it is for. Thread-safe.
final class CallAdmission {
  private final StackSwitch stackSwitch;
  private final ClientSessions sessions;
  private final Queries queries;

  CallAdmission(StackSwitch stackSwitch, ClientSessions sessions, Queries queries) {
    this.stackSwitch = stackSwitch;
    this.sessions = sessions;
    this.queries = queries;
  }

  /// Where new queries belong, as every answer that can says it.
  String wanted() {
    return stackSwitch.state().wanted().wire();
  }

  /// The stack of a call that begins something new.
  ///
  /// @throws io.grpc.StatusRuntimeException when it takes none
  Strategy beginning() {
    Strategy strategy = CallFacts.current().strategy();
    stackSwitch.check(strategy);
    return strategy;
  }

  /// The session of a call that begins something new.
  ClientSession beginning(String sessionId) {
    return sessions.require(sessionId, beginning());
  }

  /// The session of a call on what is open.
  ClientSession ongoing(String sessionId) {
    Strategy strategy = CallFacts.current().strategy();
    if (stackSwitch.closed(strategy)) {
      throw CallFailures.wrongStrategy();
    }
    return sessions.require(sessionId, strategy);
  }

  /// An open query of the caller.
  ServedQuery query(String sessionId, String queryId) {
    ClientSession session = ongoing(sessionId);
    return queries
        .find(session, queryId)
        .orElseThrow(() ->
            stackSwitch.state().accepts(session.strategy())
                ? CallFailures.of(
                    Status.Code.NOT_FOUND,
                    "There is no open query '"
                        + (queryId.length() > 64 ? queryId.substring(0, 64) + "…" : queryId)
                        + "' in this session. It failed, was cleared, or was idle for too long.")
                : CallFailures.wrongStrategy());
  }
}
