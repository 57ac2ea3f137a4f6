package dev.signalbox.architecture.wrong.engine.application;

import dev.signalbox.architecture.wrong.engine.database.NosyDatabase;
import java.util.List;

/// A plane that knows another.
public record NosyApplication(List<NosyDatabase> others) {}
