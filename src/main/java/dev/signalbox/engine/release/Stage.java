package dev.signalbox.engine.release;

/// The order in which the planes' steps of one phase interleave: all steps of a stage, then the
/// next stage. Phases other than the cutover use [#CHECK] and [#WORK] alone.
///
/// A cutover that fails before [#COMMIT] is done is undone from the last step to the first. After
/// it, it goes on, or the mirrored move brings it back.
public enum Stage {
  /// Before the work of a phase outside the cutover: what must hold so that it may begin.
  CHECK,
  /// Everything else outside the cutover.
  WORK,
  /// Nothing waits yet: warm up, prove the way back, look at the gates once more.
  ANNOUNCE,
  /// Traffic begins to wait. The stall begins here.
  HOLD,
  /// The old side stops taking writes, for as long as this process lives.
  FENCE,
  /// The new side has everything.
  CATCH_UP,
  /// With several databases: every old side is closed for good before any new one is opened.
  CLOSE,
  /// The old side is closed for good and the new one opened. The point of no return of the move.
  COMMIT,
  /// Traffic goes to the new side. The stall ends here.
  ROUTE,
  /// Proof from outside that traffic really arrives.
  VERIFY
}
