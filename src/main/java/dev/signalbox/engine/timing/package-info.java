/// Trying again, and looking again and again: one way of each for the whole engine.
@NullMarked
package dev.signalbox.engine.timing;

import org.jspecify.annotations.NullMarked;
