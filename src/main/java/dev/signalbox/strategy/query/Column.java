package dev.signalbox.strategy.query;

/// One column of a result or of a table.
///
/// @param type as the cluster names it, for example `LONG`
/// @param zone of times; empty when it has none
/// @param format of times; empty when it has none
public record Column(String name, String type, String zone, String format) {}
