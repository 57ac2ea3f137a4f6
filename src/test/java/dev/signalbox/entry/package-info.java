@NullMarked
package dev.signalbox.entry;

import org.jspecify.annotations.NullMarked;
