/// The demo: a real service with two stacks on this machine, released under load.
@NullMarked
package dev.signalbox.demo;

import org.jspecify.annotations.NullMarked;
