/// How the engine speaks with PostgreSQL, on real servers.
@NullMarked
package dev.signalbox.engine.postgres;

import org.jspecify.annotations.NullMarked;
