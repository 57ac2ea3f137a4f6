package dev.signalbox.architecture.wrong.demo;

/// A name that another class has, too.
public record Twin() {}
