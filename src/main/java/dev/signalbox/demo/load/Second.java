package dev.signalbox.demo.load;

/// The requests that ended in one second.
///
/// @param second since the client started, from 0
public record Second(long second, Counts counts) {}
