/// Tests of the strategy plane on a cluster that does as it is told, also badly.
@NullMarked
package dev.signalbox.engine.strategy;

import org.jspecify.annotations.NullMarked;
