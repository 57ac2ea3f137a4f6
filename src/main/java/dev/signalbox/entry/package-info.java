/// The embedded entry: a reverse proxy in a process of its own ([EntryServer]) that holds requests
/// while traffic moves from one stack to the other.
///
/// The entry proxies on a single event loop. That is what makes a switch exact without a lock: a
/// request is either admitted before the hold began, and counted in flight until its answer is out,
/// or it waits. Only files are written elsewhere, on worker threads.
///
/// What is durable when: the highest epoch is on disk before a command that carries it is obeyed. A
/// route is renamed into place before the first request follows it, so that a killed entry comes
/// back with it, and the folder is synchronised before the command is acknowledged, so that a lost
/// machine does too. A hold is not durable on purpose: it must end with the process that keeps it.
@NullMarked
package dev.signalbox.entry;

import org.jspecify.annotations.NullMarked;
