/// Examples that break the rules, a small house of its own.
@NullMarked
package dev.signalbox.architecture.wrong;

import org.jspecify.annotations.NullMarked;
