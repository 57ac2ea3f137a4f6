/// Connections to the two servers, with a timeout on everything.
@NullMarked
package dev.signalbox.engine.database.postgres;

import org.jspecify.annotations.NullMarked;
