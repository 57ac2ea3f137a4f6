/// ClientSessions of clients and the queries that are open in them.
@NullMarked
package dev.signalbox.cluster.session;

import org.jspecify.annotations.NullMarked;
