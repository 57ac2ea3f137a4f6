package dev.signalbox.architecture.wrong.engine.release;

import java.sql.Connection;

/// A conductor that knows databases.
public record SqlConductor(Connection connection) {}
