/// The command line: one class per command, text for a person or one JSON object a line for a
/// pipeline. Everything goes through the published engine ([dev.signalbox.engine.Engine]); what
/// opens one is given by the composition root as [Services].
@NullMarked
package dev.signalbox.cli;

import org.jspecify.annotations.NullMarked;
