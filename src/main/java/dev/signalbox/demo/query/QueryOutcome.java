package dev.signalbox.demo.query;

/// How one query ended.
///
/// @param stack that answered; empty when none did
record QueryOutcome(boolean failed, boolean wrong, String stack) {
  static final QueryOutcome FAILED = new QueryOutcome(true, false, "");
}
