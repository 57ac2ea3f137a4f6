@NullMarked
package dev.signalbox.engine.database.route;

import org.jspecify.annotations.NullMarked;
