/// Compares the rows of both databases while they are written to.
@NullMarked
package dev.signalbox.engine.database.consistency;

import org.jspecify.annotations.NullMarked;
