package dev.signalbox.strategy.query;

/// The types of result vectors, in the order of their codes on the wire.
enum VectorType {
  BINARY,
  BOOLEAN,
  DOUBLE,
  FLOAT,
  INT96,
  INTEGER,
  LONG,
  STRING,
  DATE,
  DATETIME,
  TIMESTAMP,
  STRUCT,
  MAP,
  ARRAY,
  NULL,
  TIMESTAMP_TZ,
  DECIMAL128;

  private static final VectorType[] BY_CODE = values();

  /// @throws MalformedAnswerException for a code that is none
  static VectorType of(int code) {
    if (code < 0 || code >= BY_CODE.length) {
      throw new MalformedAnswerException("a vector has the unknown type " + code + ".");
    }
    return BY_CODE[code];
  }
}
