/// Starts, adopts and stops a stack's processes on this machine, so that they outlive the console
/// that started them and any other console can take them over.
@NullMarked
package dev.signalbox.engine.application.stack;

import org.jspecify.annotations.NullMarked;
