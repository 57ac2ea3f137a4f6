/// The only bridge from what the engine publishes to the JavaFX thread, and what every screen
/// shares: words, number formats, fonts, themes.
@NullMarked
package dev.signalbox.ui.fx;

import org.jspecify.annotations.NullMarked;
