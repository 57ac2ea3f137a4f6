package dev.signalbox.cluster.result;

/// The types of the protocol that this cluster sends. The name stands in the metadata, the code in
/// a vector. `INT96` and `TIMESTAMP` exist too, and existing connectors cannot read them.
public enum ResultType {
  BINARY(0),
  BOOLEAN(1),
  DOUBLE(2),
  FLOAT(3),
  INTEGER(5),
  LONG(6),
  STRING(7),
  DATE(8),
  DATETIME(9),
  STRUCT(11),
  MAP(12),
  ARRAY(13),
  NULL(14),
  TIMESTAMP_TZ(15),
  DECIMAL128(16);

  private final int code;

  ResultType(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
