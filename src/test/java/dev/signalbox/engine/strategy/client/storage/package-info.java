@NullMarked
package dev.signalbox.engine.strategy.client.storage;

import org.jspecify.annotations.NullMarked;
