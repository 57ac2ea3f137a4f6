package dev.signalbox.architecture.wrong.engine.database;

import java.sql.PreparedStatement;

/// A plane that reads rows past JDBI.
public record OwnStatement(PreparedStatement statement) {}
