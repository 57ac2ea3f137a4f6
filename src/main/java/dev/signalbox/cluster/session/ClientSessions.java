package dev.signalbox.cluster.session;

import dev.signalbox.cluster.access.CallFailures;
import dev.signalbox.cluster.settings.ClusterSettings.Limits;
import dev.signalbox.strategy.Strategy;
import io.grpc.Status;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All open sessions. The protocol has no call that ends one: it ends when it is idle, or when it
/// is the one that was idle longest and another one needs its place. Thread-safe.
public final class ClientSessions {
  private static final Logger LOG = LoggerFactory.getLogger(ClientSessions.class);
  private static final int ID_BYTES = 24;

  private final Limits limits;
  private final Queries queries;
  private final SecureRandom random = new SecureRandom();
  private final Map<String, ClientSession> open = new ConcurrentHashMap<>();

  public ClientSessions(Limits limits, Queries queries) {
    this.limits = limits;
    this.queries = queries;
  }

  /// @param peer the client's address
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED when there are too many in use
  public ClientSession open(String user, Strategy strategy, String peer) {
    // Of several threads at a bound each may pass: a few more than allowed do no harm.
    List<ClientSession> own =
        open.values().stream().filter(session -> session.user().equals(user)).toList();
    if (own.size() >= limits.sessionsPerUser()) {
      makeRoom(own, "The user", limits.sessionsPerUser());
    } else if (open.size() >= limits.sessions()) {
      makeRoom(open.values(), "The cluster", limits.sessions());
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    ClientSession session =
        new ClientSession(
            Base64.getUrlEncoder().withoutPadding().encodeToString(id), user, strategy, peer);
    open.put(session.id(), session);
    return session;
  }

  private void makeRoom(Collection<ClientSession> among, String who, int most) {
    ClientSession idle =
        among.stream()
            .filter(session -> session.queries.isEmpty())
            .max(Comparator.comparingLong(ClientSession::idleNanos))
            .orElseThrow(() ->
                CallFailures.of(
                    Status.Code.RESOURCE_EXHAUSTED,
                    who
                        + " has as many sessions in use as allowed ("
                        + most
                        + "). Try again later."));
    open.remove(idle.id());
  }

  /// The session of a call.
  ///
  /// @throws io.grpc.StatusRuntimeException `Access denied` when there is none for this strategy
  public ClientSession require(String id, Strategy strategy) {
    return find(id)
        .filter(session -> session.strategy() == strategy)
        .orElseThrow(CallFailures::noSession);
  }

  /// Counts as a use of the session.
  public Optional<ClientSession> find(String id) {
    ClientSession session = open.get(id);
    if (session != null) {
      session.use();
    }
    return Optional.ofNullable(session);
  }

  /// How many there are on a stack.
  public int count(Strategy strategy) {
    int count = 0;
    for (ClientSession session : open.values()) {
      if (session.strategy() == strategy) {
        count++;
      }
    }
    return count;
  }

  /// Ends what nobody used for too long. To be called about once a second.
  public void sweep() {
    long mostQuery = limits.queryIdle().toNanos();
    int idle = queries.endIf(query -> query.idleNanos() > mostQuery, true);
    if (idle > 0) {
      LOG.info("{} idle queries were ended", idle);
    }
    long mostSession = limits.sessionIdle().toNanos();
    boolean _ =
        open.values()
            .removeIf(session -> {
              boolean over = unused(session, mostSession);
              if (over) {
                int _ = queries.endIf(query -> query.session() == session, true);
              }
              return over;
            });
  }

  private static boolean unused(ClientSession session, long most) {
    return session.idleNanos() > most
        && session.queries.values().stream().allMatch(query -> query.idleNanos() > most);
  }
}
