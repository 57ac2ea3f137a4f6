/// The engines of the two stacks and the cursors that run on them.
@NullMarked
package dev.signalbox.cluster.query;

import org.jspecify.annotations.NullMarked;
