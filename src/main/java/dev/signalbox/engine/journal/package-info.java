/// Journal and lease, kept in schema `signalbox` of both databases.
@NullMarked
package dev.signalbox.engine.journal;

import org.jspecify.annotations.NullMarked;
