/// What the window, the command line and a pipeline may use of the engine: [Engine], what it
/// publishes ([EngineSnapshot], [EngineEvent]) and what it takes ([Command], answered by an
/// [Outcome]). Nothing here imports a package below; every package below may import this one.
@NullMarked
package dev.signalbox.engine;

import org.jspecify.annotations.NullMarked;
