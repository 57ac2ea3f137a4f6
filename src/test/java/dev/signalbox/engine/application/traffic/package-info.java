@NullMarked
package dev.signalbox.engine.application.traffic;

import org.jspecify.annotations.NullMarked;
