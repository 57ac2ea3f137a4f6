package dev.signalbox.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The shape of a demo run.
///
/// @param headless no window even when there is a display
/// @param serviceOnly the service under load and nothing else: whoever likes releases it
/// @param json one object a line, the last one the receipt
/// @param switches switches of traffic in the run; null for the usual tour
/// @param rate requests a second, 1 to 5000
/// @param duration at least this long; null for as long as the run takes
public record DemoOptions(
    boolean headless,
    boolean serviceOnly,
    boolean json,
    @Nullable Integer switches,
    int rate,
    @Nullable Duration duration) {}
