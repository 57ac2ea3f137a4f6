/// What many tests need: waiting on conditions, and real components.
@NullMarked
package dev.signalbox.support;

import org.jspecify.annotations.NullMarked;
