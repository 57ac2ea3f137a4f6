@NullMarked
package dev.signalbox.engine.strategy.client;

import org.jspecify.annotations.NullMarked;
