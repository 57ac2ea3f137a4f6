@NullMarked
package dev.signalbox.strategy.storage;

import org.jspecify.annotations.NullMarked;
