/// The composition root: wires engine, planes, window, command line and demo by hand. Nobody
/// imports it but [dev.signalbox.Main].
@NullMarked
package dev.signalbox.app;

import org.jspecify.annotations.NullMarked;
