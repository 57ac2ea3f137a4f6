/// How applications learn which database is theirs ([DatabaseRoute]), and how they acknowledge it.
@NullMarked
package dev.signalbox.engine.database.route;

import org.jspecify.annotations.NullMarked;
