package dev.signalbox.ui.shell;

import dev.signalbox.ui.order.AskViewModel;
import dev.signalbox.ui.order.Orders;
import java.util.function.Consumer;

/// What every screen of a window shares.
///
/// @param orders what was asked of the engine, with the answers
/// @param ask the question that is open
/// @param open goes to the screen with that id
public record ScreenContext(Orders orders, AskViewModel ask, Consumer<String> open) {}
