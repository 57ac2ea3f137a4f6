@NullMarked
package dev.signalbox.engine.database.replication;

import org.jspecify.annotations.NullMarked;
