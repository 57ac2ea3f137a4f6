@NullMarked
package dev.signalbox.strategy.query;

import org.jspecify.annotations.NullMarked;
