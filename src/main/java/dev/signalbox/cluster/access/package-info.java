/// Who may call: users with hashed passwords, the bearer token of the control service, and the
/// sentences of a refusal.
@NullMarked
package dev.signalbox.cluster.access;

import org.jspecify.annotations.NullMarked;
