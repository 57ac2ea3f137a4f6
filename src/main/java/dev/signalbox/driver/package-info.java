/// The resident driver of an environment on this machine: how commands reach it and hand their work
/// to it. A socket of the machine, for the same user only; one JSON object a line. Knows the
/// published engine and nothing else: both sides of the socket are a [dev.signalbox.engine.Engine].
@NullMarked
package dev.signalbox.driver;

import org.jspecify.annotations.NullMarked;
