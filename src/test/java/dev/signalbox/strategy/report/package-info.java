@NullMarked
package dev.signalbox.strategy.report;

import org.jspecify.annotations.NullMarked;
