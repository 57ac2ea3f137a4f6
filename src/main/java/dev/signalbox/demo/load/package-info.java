/// Proof from outside: an open-loop client that sends on schedule whatever the service does, a
/// ledger of what was promised to it, and the comparison of that ledger with the database.
@NullMarked
package dev.signalbox.demo.load;

import org.jspecify.annotations.NullMarked;
