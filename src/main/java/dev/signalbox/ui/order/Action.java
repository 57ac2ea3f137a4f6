package dev.signalbox.ui.order;

/// What an operator can ask for. Each has its own state, so that one that hangs never blocks
/// another: least of all the way back.
public enum Action {
  START,
  CUT_OVER,
  ROLL_BACK,
  RESUME,
  ABORT,
  CLEAN_UP,
  TAKE_OVER,
  CANCEL_QUERY
}
