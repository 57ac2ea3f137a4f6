package dev.signalbox.demo.load;

import java.time.Duration;

/// What the client felt of one switch.
///
/// @param took from its begin to its end, as the caller said
/// @param counts of every request whose life overlaps it: [Counts#longest] is the stall
public record SwitchWindow(String label, Duration took, Counts counts) {}
