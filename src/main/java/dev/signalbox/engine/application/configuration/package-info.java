/// How an application learns which database is its own: a small file that the console writes, and
/// the application's acknowledgement, asked of the database it is really connected to.
@NullMarked
package dev.signalbox.engine.application.configuration;

import org.jspecify.annotations.NullMarked;
