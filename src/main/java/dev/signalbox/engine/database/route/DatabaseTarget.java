package dev.signalbox.engine.database.route;

import dev.signalbox.engine.Colour;
import java.nio.file.Path;

/// What the file tells an application.
///
/// @param url for JDBC, without user and password
/// @param passwordFile from which the application reads its password
public record DatabaseTarget(Colour colour, String url, String user, Path passwordFile) {}
