/// Where strategies are remembered: in the thread, in the process, and in a file that the processes
/// of a machine share.
@NullMarked
package dev.signalbox.strategy.storage;

import org.jspecify.annotations.NullMarked;
