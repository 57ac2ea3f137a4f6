package dev.signalbox.architecture.wrong.engine.strategy;

import dev.signalbox.architecture.wrong.engine.database.NosyDatabase;

/// A plane that knows another.
public record NosyStrategy(NosyDatabase other) {}
