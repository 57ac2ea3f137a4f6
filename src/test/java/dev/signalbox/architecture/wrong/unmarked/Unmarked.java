package dev.signalbox.architecture.wrong.unmarked;

/// Its package does not say that nothing is null.
public record Unmarked(String text) {}
