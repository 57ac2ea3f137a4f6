@NullMarked
package dev.signalbox.engine.secret;

import org.jspecify.annotations.NullMarked;
