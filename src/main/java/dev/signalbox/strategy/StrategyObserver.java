package dev.signalbox.strategy;

/// Is told of each event of a strategy manager: metrics, the audit, an application's own.
///
/// Called on the thread on which it happened, often a network thread: must return soon, not block
/// and not throw. What it throws is logged and changes nothing.
public interface StrategyObserver {
  void accept(ClusterKey key, StrategyEvent event);
}
