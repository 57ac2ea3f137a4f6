/// Reusable nodes. They know no engine and no screen.
@NullMarked
package dev.signalbox.ui.control;

import org.jspecify.annotations.NullMarked;
