package dev.signalbox.strategy.query;

/// How far a query is.
///
/// @param done whether all of its rows are there
/// @param rows as far as the cluster knows them
public record QueryStatus(boolean done, long rows) {}
