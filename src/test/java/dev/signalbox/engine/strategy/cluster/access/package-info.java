@NullMarked
package dev.signalbox.engine.strategy.cluster.access;

import org.jspecify.annotations.NullMarked;
