/// What an operator of the embedding application sees: metrics, alerts, health, and the audit.
@NullMarked
package dev.signalbox.strategy.observe;

import org.jspecify.annotations.NullMarked;
