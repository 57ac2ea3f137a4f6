@NullMarked
package dev.signalbox.engine.strategy.cluster.fleet;

import org.jspecify.annotations.NullMarked;
