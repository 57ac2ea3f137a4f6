@NullMarked
package dev.signalbox.ui.shell;

import org.jspecify.annotations.NullMarked;
