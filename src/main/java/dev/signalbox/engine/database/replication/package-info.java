/// The two directions between the servers: publications, slots, subscriptions, the marker that
/// proves that they work, and what must be true before they can.
@NullMarked
package dev.signalbox.engine.database.replication;

import org.jspecify.annotations.NullMarked;
