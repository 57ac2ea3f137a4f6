package dev.signalbox.architecture.wrong.engine.release.model;

import java.util.concurrent.CountDownLatch;

/// A model that waits.
public record WaitingModel(CountDownLatch latch) {}
