package dev.signalbox.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The way back, as the top bar shows it all the time: as whoever drives finds it.
///
/// @param possible whether 'Roll back' would do anything now. When not, there is no loss and no
///   time to tell
/// @param to the stack that it would lead to
/// @param estimate how long it would take, as the last switch was measured; null before there was
///   one
/// @param writesAtRisk committed writes that would be lost: 0 for none, -1 when it cannot be known
///   (the database that holds them does not answer)
/// @param evidence why it is so, and until when it holds
/// @param wordsToType empty when nothing would be lost; else what the operator must type
public record WayBack(
    boolean possible,
    Colour to,
    @Nullable Duration estimate,
    long writesAtRisk,
    String evidence,
    String wordsToType) {}
