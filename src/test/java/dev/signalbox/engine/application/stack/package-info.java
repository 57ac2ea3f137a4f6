@NullMarked
package dev.signalbox.engine.application.stack;

import org.jspecify.annotations.NullMarked;
