@NullMarked
package dev.signalbox.ui.strategy;

import org.jspecify.annotations.NullMarked;
