/// What must be true of both databases before a release begins, and what is good to know.
@NullMarked
package dev.signalbox.engine.database.preflight;

import org.jspecify.annotations.NullMarked;
