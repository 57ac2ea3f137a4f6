package dev.signalbox.cluster;

import dev.signalbox.cluster.access.CallFacts;
import dev.signalbox.cluster.access.Users;
import dev.signalbox.cluster.query.Cursor;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.session.ClientSession;
import dev.signalbox.cluster.session.ClientSessions;
import dev.signalbox.cluster.session.Queries;
import dev.signalbox.cluster.session.ServedQuery;
import dev.signalbox.cluster.state.StackSwitch;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.wire.AuthenticateRequest;
import dev.signalbox.strategy.wire.AuthenticateResponse;
import dev.signalbox.strategy.wire.ExecuteStatementResponse;
import dev.signalbox.strategy.wire.PrepareStatementResponse;
import java.util.Map;
import java.util.Objects;

/// The calls that begin sessions and queries, run queries and end them. Thread-safe.
final class StatementCalls {
  private final CallAdmission reception;
  private final StackSwitch stackSwitch;
  private final Users users;
  private final ClientSessions sessions;
  private final Queries queries;
  private final Map<Strategy, QueryEngine> engines;
  private final RateMeter rates;

  StatementCalls(
      CallAdmission reception,
      StackSwitch stackSwitch,
      Users users,
      ClientSessions sessions,
      Queries queries,
      Map<Strategy, QueryEngine> engines,
      RateMeter rates) {
    this.reception = reception;
    this.stackSwitch = stackSwitch;
    this.users = users;
    this.sessions = sessions;
    this.queries = queries;
    this.engines = engines;
    this.rates = rates;
  }

  /// What a client is told as the address of the planner, and sends back as `plannerip`. It is a
  /// name, not an address: one gateway serves both stacks.
  private static String plannerOf(Strategy strategy) {
    return strategy.wire() + "-engine";
  }

  AuthenticateResponse authenticate(AuthenticateRequest request) {
    Strategy strategy = reception.beginning();
    boolean known = users.knows(request.getUser(), request.getPassword());
    // Clients read an empty session as wrong credentials.
    String id =
        known ? sessions.open(request.getUser(), strategy, CallFacts.current().peer()).id() : "";
    return AuthenticateResponse.newBuilder()
        .setSessionId(id)
        .setEngineIP(plannerOf(strategy))
        .setNewStrategy(reception.wanted())
        .build();
  }

  PrepareStatementResponse prepare(String sessionId, String schema, String sql) {
    ClientSession session = reception.beginning(sessionId);
    Strategy strategy = session.strategy();
    Cursor cursor = Objects.requireNonNull(engines.get(strategy)).cursor(sql, schema);
    ServedQuery query =
        stackSwitch.admit(strategy, () -> queries.prepare(session, sql, schema, cursor));
    rates.query();
    return PrepareStatementResponse.newBuilder()
        .setEngineIP(plannerOf(strategy))
        .setQueryId(query.id())
        .setSessionId(sessionId)
        .setNewStrategy(reception.wanted())
        .build();
  }

  ExecuteStatementResponse execute(String sessionId, String queryId) {
    queries.execute(reception.query(sessionId, queryId));
    return ExecuteStatementResponse.newBuilder()
        .setSessionId(sessionId)
        .setNewStrategy(reception.wanted())
        .build();
  }

  /// A query that has ended is as good as one that ends now: clients clear twice.
  void end(String sessionId, String queryId) {
    queries
        .find(reception.ongoing(sessionId), queryId)
        .ifPresent(query -> {
          boolean _ = queries.end(query, true);
        });
  }
}
