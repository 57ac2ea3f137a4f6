package dev.signalbox.architecture.wrong.ui;

/// A name that another class has, too.
public record Twin() {}
