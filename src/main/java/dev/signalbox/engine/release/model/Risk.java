package dev.signalbox.engine.release.model;

/// What a move would lose.
///
/// @param possible whether it can be made at all
/// @param writes committed writes that would be lost; 0 for none, -1 when it cannot be known
/// @param evidence a sentence
public record Risk(boolean possible, long writes, String evidence) {}
