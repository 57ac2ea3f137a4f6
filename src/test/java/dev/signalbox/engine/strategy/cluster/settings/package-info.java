@NullMarked
package dev.signalbox.engine.strategy.cluster.settings;

import org.jspecify.annotations.NullMarked;
