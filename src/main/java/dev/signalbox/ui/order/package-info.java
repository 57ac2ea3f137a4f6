/// What an operator asks of the engine from the window, and what became of it. No nodes.
@NullMarked
package dev.signalbox.ui.order;

import org.jspecify.annotations.NullMarked;
