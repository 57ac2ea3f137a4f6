@NullMarked
package dev.signalbox.engine.strategy.cluster.query;

import org.jspecify.annotations.NullMarked;
