@NullMarked
package dev.signalbox.engine.strategy.client.observe;

import org.jspecify.annotations.NullMarked;
