@NullMarked
package dev.signalbox.strategy.observe;

import org.jspecify.annotations.NullMarked;
