/// Tests of journal and lease on two real servers.
@NullMarked
package dev.signalbox.engine.journal;

import org.jspecify.annotations.NullMarked;
