/// The conductor: its mailbox, the work that it does on planes, and the snapshots that it
/// publishes.
@NullMarked
package dev.signalbox.engine.release.conductor;

import org.jspecify.annotations.NullMarked;
