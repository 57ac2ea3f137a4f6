package dev.signalbox.strategy.query;

import dev.signalbox.strategy.QueryHandle;
import dev.signalbox.strategy.Route;
import dev.signalbox.strategy.StrategyInterceptor;
import dev.signalbox.strategy.wire.ClusterServiceGrpc;
import dev.signalbox.strategy.wire.ClusterServiceGrpc.ClusterServiceBlockingStub;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc;
import dev.signalbox.strategy.wire.QueryEngineServiceGrpc.QueryEngineServiceBlockingStub;
import io.grpc.Channel;

/// The calls of one channel, by the route that they take.
final class Stubs {
  private final QueryEngineServiceBlockingStub engine;
  private final ClusterServiceBlockingStub cluster;

  /// @param channel with a strategy interceptor
  Stubs(Channel channel) {
    engine = QueryEngineServiceGrpc.newBlockingStub(channel);
    cluster = ClusterServiceGrpc.newBlockingStub(channel);
  }

  QueryEngineServiceBlockingStub engine(Route route) {
    return engine.withOption(StrategyInterceptor.ROUTE, route);
  }

  QueryEngineServiceBlockingStub engine(QueryHandle handle) {
    return engine(handle.route());
  }

  ClusterServiceBlockingStub cluster(Route route) {
    return cluster.withOption(StrategyInterceptor.ROUTE, route);
  }
}
