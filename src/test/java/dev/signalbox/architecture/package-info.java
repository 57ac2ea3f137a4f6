/// The rules that the rooms of the house keep, as tests, with examples that break them.
@NullMarked
package dev.signalbox.architecture;

import org.jspecify.annotations.NullMarked;
