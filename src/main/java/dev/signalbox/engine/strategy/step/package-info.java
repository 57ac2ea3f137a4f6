/// What the strategy plane does in a release.
@NullMarked
package dev.signalbox.engine.strategy.step;

import org.jspecify.annotations.NullMarked;
