package dev.signalbox.engine.strategy.client.query;

import dev.signalbox.engine.strategy.client.QueryHandle;
import dev.signalbox.engine.strategy.client.Route;
import dev.signalbox.engine.strategy.client.StrategyInterceptor;
import dev.signalbox.engine.strategy.client.wire.ClusterServiceGrpc;
import dev.signalbox.engine.strategy.client.wire.ClusterServiceGrpc.ClusterServiceBlockingStub;
import dev.signalbox.engine.strategy.client.wire.QueryEngineServiceGrpc;
import dev.signalbox.engine.strategy.client.wire.QueryEngineServiceGrpc.QueryEngineServiceBlockingStub;
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
