/// Tests of the window, and the sample states that its pictures are made of.
@NullMarked
package dev.signalbox.ui;

import org.jspecify.annotations.NullMarked;
