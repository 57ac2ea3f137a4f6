/// The Strategy screen: the query cluster between its stacks, its open queries, and the clients
/// that report.
@NullMarked
package dev.signalbox.ui.strategy;

import org.jspecify.annotations.NullMarked;
