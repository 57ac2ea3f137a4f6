/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.ui;

import org.jspecify.annotations.NullMarked;
