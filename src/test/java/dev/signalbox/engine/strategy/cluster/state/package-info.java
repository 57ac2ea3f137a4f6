@NullMarked
package dev.signalbox.engine.strategy.cluster.state;

import org.jspecify.annotations.NullMarked;
