@NullMarked
package dev.signalbox.engine.application.health;

import org.jspecify.annotations.NullMarked;
