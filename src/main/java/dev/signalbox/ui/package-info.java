/// The window. [dev.signalbox.ui.SignalboxWindow] opens it on an engine; nothing else here is for
/// other packages.
@NullMarked
package dev.signalbox.ui;

import org.jspecify.annotations.NullMarked;
