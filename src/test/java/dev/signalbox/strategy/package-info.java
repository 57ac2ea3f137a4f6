@NullMarked
package dev.signalbox.strategy;

import org.jspecify.annotations.NullMarked;
