/// The main screen: both stacks, what runs between them, phases, gates, the cutover lever.
@NullMarked
package dev.signalbox.ui.board;

import org.jspecify.annotations.NullMarked;
