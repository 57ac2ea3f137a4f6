/// The application plane: two stacks of processes behind one router. [ApplicationPlane] is what the
/// conductor drives; the packages below are its parts.
@NullMarked
package dev.signalbox.engine.application;

import org.jspecify.annotations.NullMarked;
