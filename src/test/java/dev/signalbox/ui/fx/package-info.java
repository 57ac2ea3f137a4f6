@NullMarked
package dev.signalbox.ui.fx;

import org.jspecify.annotations.NullMarked;
