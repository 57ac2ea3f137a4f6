/// The entrance: decides between the window, the command line and the demo.
@NullMarked
package dev.signalbox;

import org.jspecify.annotations.NullMarked;
