@NullMarked
package dev.signalbox.engine.strategy.client.query;

import org.jspecify.annotations.NullMarked;
