package dev.signalbox.engine.release.model;

import dev.signalbox.engine.Colour;

/// What steps may need to know of the release.
///
/// @param number counts within the environment, from 1
public record ReleaseInfo(long number, String version, Colour origin, Colour target) {}
