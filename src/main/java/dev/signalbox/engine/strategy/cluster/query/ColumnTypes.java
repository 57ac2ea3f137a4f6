package dev.signalbox.engine.strategy.cluster.query;

import dev.signalbox.engine.strategy.cluster.result.Column;
import dev.signalbox.engine.strategy.cluster.result.VectorType;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PgResultSet;

/// Which vector type carries a column of PostgreSQL. The type is decided from the column alone,
/// before any row is seen.
final class ColumnTypes {
  /// DECIMAL128 is used up to here; see [Column].
  private static final int MOST_DIGITS = 37;

  /// Of `ROW(…)` without a named type.
  private static final int RECORD = 2249;

  private ColumnTypes() {}

  static List<Column> of(ResultSet rows, PgConnection connection) throws SQLException {
    PgResultSet result = rows.unwrap(PgResultSet.class);
    ResultSetMetaData about = result.getMetaData();
    List<Column> columns = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      int oid = result.getColumnOID(i);
      String name = about.getColumnLabel(i);
      columns.add(
          oid == Oid.NUMERIC
              ? decimal(name, about.getPrecision(i), about.getScale(i))
              : new Column(name, type(oid, connection)));
    }
    return List.copyOf(columns);
  }

  private static Column decimal(String name, int precision, int modifier) {
    if (precision == 0) {
      return new Column(name, VectorType.DECIMAL128, Column.FLOATING);
    }
    // A negative scale stands there as 11 bits in two's complement.
    int scale = modifier > 1000 ? modifier - 2048 : modifier;
    return Math.max(precision, precision - scale) <= MOST_DIGITS && scale <= MOST_DIGITS
        ? new Column(name, VectorType.DECIMAL128, Math.max(0, scale))
        : new Column(name, VectorType.STRING);
  }

  private static VectorType type(int oid, PgConnection connection) throws SQLException {
    return switch (oid) {
      case Oid.BOOL -> VectorType.BOOLEAN;
      case Oid.INT2, Oid.INT4 -> VectorType.INTEGER;
      case Oid.INT8, Oid.OID -> VectorType.LONG;
      case Oid.FLOAT4 -> VectorType.FLOAT;
      case Oid.FLOAT8 -> VectorType.DOUBLE;
      case Oid.BYTEA -> VectorType.BINARY;
      case Oid.DATE -> VectorType.DATE;
      case Oid.TIMESTAMP -> VectorType.DATETIME;
      case Oid.TIMESTAMPTZ -> VectorType.TIMESTAMP_TZ;
      case Oid.JSONB -> VectorType.MAP;
      case RECORD -> VectorType.STRUCT;
      case Oid.VOID -> VectorType.NULL;
      case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME, Oid.UUID, Oid.JSON -> VectorType.STRING;
      default ->
          switch (connection.getTypeInfo().getSQLType(oid)) {
            case Types.ARRAY -> VectorType.ARRAY;
            case Types.STRUCT -> VectorType.STRUCT;
            default -> VectorType.STRING;
          };
    };
  }
}
