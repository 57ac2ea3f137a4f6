package dev.signalbox.ui.order;

import dev.signalbox.engine.Command;
import java.util.function.Function;

/// Something to be typed before a command is given.
///
/// @param expected the very words; empty when any text will do
/// @param verb verb and object, for the button
/// @param command made of what was typed
public record Ask(
    Action action,
    String title,
    String explanation,
    String prompt,
    String expected,
    String verb,
    boolean dangerous,
    Function<String, Command> command) {}
