@NullMarked
package dev.signalbox.ui.order;

import org.jspecify.annotations.NullMarked;
