/// Health checks over HTTP, and the hysteresis that turns them into a verdict.
@NullMarked
package dev.signalbox.engine.application.health;

import org.jspecify.annotations.NullMarked;
