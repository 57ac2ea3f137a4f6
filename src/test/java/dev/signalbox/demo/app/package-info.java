/// The demo service, as processes and against a real database.
@NullMarked
package dev.signalbox.demo.app;

import org.jspecify.annotations.NullMarked;
