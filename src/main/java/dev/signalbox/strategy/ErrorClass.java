package dev.signalbox.strategy;

/// What kind of failure a call met; each has its own rule of retry.
public enum ErrorClass {
  /// 456: the stack that was asked is not the one in use. Forget, detect, at once, twice at most.
  WRONG_STRATEGY,
  /// The session is not known to the stack (any more): authenticate again, then once more.
  SESSION_GONE,
  /// User or password are wrong. Never retried with the same ones on the same stack.
  BAD_CREDENTIALS,
  /// The cluster is suspended.
  SUSPENDED,
  /// Refused or broken connection, overload: three times with growing pauses, where it is safe.
  TRANSIENT,
  /// The deadline passed: whether it was done is not known.
  TIMEOUT,
  /// Cancelled by this side.
  CANCELLED,
  /// The query itself is wrong, or anything that repeating does not mend.
  PERMANENT
}
