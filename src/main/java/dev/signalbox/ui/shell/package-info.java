/// What surrounds every screen: top bar with the way back, navigation, help, command palette.
@NullMarked
package dev.signalbox.ui.shell;

import org.jspecify.annotations.NullMarked;
