@NullMarked
package dev.signalbox.engine.strategy.client.report;

import org.jspecify.annotations.NullMarked;
