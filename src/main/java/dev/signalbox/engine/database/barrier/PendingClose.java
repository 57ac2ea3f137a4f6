package dev.signalbox.engine.database.barrier;

import dev.signalbox.engine.Colour;

/// A side that is still to be closed, because it did not answer when the other one was opened.
///
/// @param side the one to be closed
/// @param since when it was written down; a later text is a newer one
public record PendingClose(Colour side, String since) {}
