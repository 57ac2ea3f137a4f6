/// Which stack is live and which is announced, kept in a file.
@NullMarked
package dev.signalbox.cluster.state;

import org.jspecify.annotations.NullMarked;
