/// Where secrets come from that stand in no settings file: the encrypted [VaultFile], and the files
/// that libpq reads, [PassFile] and [ServiceFile].
@NullMarked
package dev.signalbox.engine.secret;

import org.jspecify.annotations.NullMarked;
