package dev.signalbox.cluster.query;

import dev.signalbox.cluster.result.ResultColumn;
import dev.signalbox.cluster.result.ResultType;
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
  /// DECIMAL128 is used up to here; see [ResultColumn].
  private static final int MOST_DIGITS = 37;

  /// Of `ROW(…)` without a named type.
  private static final int RECORD = 2249;

  private ColumnTypes() {}

  static List<ResultColumn> of(ResultSet rows, PgConnection connection) throws SQLException {
    PgResultSet result = rows.unwrap(PgResultSet.class);
    ResultSetMetaData about = result.getMetaData();
    List<ResultColumn> columns = new ArrayList<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      int oid = result.getColumnOID(i);
      String name = about.getColumnLabel(i);
      columns.add(
          oid == Oid.NUMERIC
              ? decimal(name, about.getPrecision(i), about.getScale(i))
              : new ResultColumn(name, type(oid, connection)));
    }
    return List.copyOf(columns);
  }

  private static ResultColumn decimal(String name, int precision, int modifier) {
    if (precision == 0) {
      return new ResultColumn(name, ResultType.DECIMAL128, ResultColumn.FLOATING);
    }
    // A negative scale stands there as 11 bits in two's complement.
    int scale = modifier > 1000 ? modifier - 2048 : modifier;
    return Math.max(precision, precision - scale) <= MOST_DIGITS && scale <= MOST_DIGITS
        ? new ResultColumn(name, ResultType.DECIMAL128, Math.max(0, scale))
        : new ResultColumn(name, ResultType.STRING);
  }

  private static ResultType type(int oid, PgConnection connection) throws SQLException {
    return switch (oid) {
      case Oid.BOOL -> ResultType.BOOLEAN;
      case Oid.INT2, Oid.INT4 -> ResultType.INTEGER;
      case Oid.INT8, Oid.OID -> ResultType.LONG;
      case Oid.FLOAT4 -> ResultType.FLOAT;
      case Oid.FLOAT8 -> ResultType.DOUBLE;
      case Oid.BYTEA -> ResultType.BINARY;
      case Oid.DATE -> ResultType.DATE;
      case Oid.TIMESTAMP -> ResultType.DATETIME;
      case Oid.TIMESTAMPTZ -> ResultType.TIMESTAMP_TZ;
      case Oid.JSONB -> ResultType.MAP;
      case RECORD -> ResultType.STRUCT;
      case Oid.VOID -> ResultType.NULL;
      case Oid.TEXT, Oid.VARCHAR, Oid.BPCHAR, Oid.NAME, Oid.UUID, Oid.JSON -> ResultType.STRING;
      default ->
          switch (connection.getTypeInfo().getSQLType(oid)) {
            case Types.ARRAY -> ResultType.ARRAY;
            case Types.STRUCT -> ResultType.STRUCT;
            default -> ResultType.STRING;
          };
    };
  }
}
