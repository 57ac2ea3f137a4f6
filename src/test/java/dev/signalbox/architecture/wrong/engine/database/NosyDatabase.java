package dev.signalbox.architecture.wrong.engine.database;

import dev.signalbox.architecture.wrong.engine.application.NosyApplication;

/// A plane that knows another, which knows it: a cycle too.
public record NosyDatabase(NosyApplication other) {}
