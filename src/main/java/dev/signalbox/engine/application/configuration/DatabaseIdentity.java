package dev.signalbox.engine.application.configuration;

/// Which database it is, whatever its address.
///
/// @param systemIdentifier of the server, from `pg_control_system()`
/// @param name of the database, from `current_database()`
public record DatabaseIdentity(String systemIdentifier, String name) {}
