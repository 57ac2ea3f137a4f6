package dev.signalbox.architecture.wrong.strategy;

import dev.signalbox.architecture.wrong.engine.strategy.NosyStrategy;

/// A library that drags the product into the application.
public record HeavyClient(NosyStrategy other) {}
