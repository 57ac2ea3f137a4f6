/// An example.
@NullMarked
package dev.signalbox.architecture.wrong.demo;

import org.jspecify.annotations.NullMarked;
