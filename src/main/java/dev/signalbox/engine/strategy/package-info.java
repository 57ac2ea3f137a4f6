/// The strategy plane: the query cluster, its change-over from one stack to the other, and the
/// clients that follow it.
@NullMarked
package dev.signalbox.engine.strategy;

import org.jspecify.annotations.NullMarked;
