package dev.signalbox.engine.postgres;

import dev.signalbox.engine.Colour;
import dev.signalbox.engine.DatabaseView.TableName;
import dev.signalbox.engine.Lsn;
import java.lang.reflect.Type;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.spi.JdbiPlugin;
import org.jdbi.v3.core.statement.ColonPrefixSqlParser;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.jspecify.annotations.Nullable;

/// How our values go into statements and come out of rows; all that JDBI is told about us.
///
/// - A public record is read from the columns that are named as its components.
/// - A list is a `text[]`, a [TableName] a `text[]` of schema and name.
/// - A [Duration] is a `bigint` of microseconds, a [Colour] its name, an [Lsn] the text of
///   `pg_lsn`.
/// - Text in angle brackets is no template: `<` is an operator.
public final class DatabaseTypes implements JdbiPlugin {
  /// Shared, because it remembers what it has parsed: parsing costs more than asking.
  private static final SqlParser PARSER = new ColonPrefixSqlParser();

  private static final ClassValue<RowMapper<?>> RECORDS =
      new ClassValue<>() {
        @Override
        protected RowMapper<?> computeValue(Class<?> type) {
          return ConstructorMapper.of(type);
        }
      };

  @Override
  public void customizeJdbi(Jdbi jdbi) {
    jdbi.getConfig(SqlStatements.class).setSqlParser(PARSER).setTemplateEngine(TemplateEngine.NOP);
    jdbi.registerRowMapper(DatabaseTypes::rowMapper);
    jdbi.registerColumnMapper(TableName.class, (row, at, context) -> tableName(row, at));
    jdbi.registerColumnMapper(Duration.class, (row, at, context) -> duration(row, at));
    jdbi.registerColumnMapper(
        Lsn.class,
        (row, at, context) -> Optional.ofNullable(row.getString(at)).map(Lsn::parse).orElse(null));
    jdbi.registerColumnMapper(UUID.class, (row, at, context) -> row.getObject(at, UUID.class));
    jdbi.registerArgument(DatabaseTypes::argument);
  }

  private static Optional<RowMapper<?>> rowMapper(Type type, ConfigRegistry config) {
    boolean row =
        type instanceof Class<?> c && c.isRecord() && c != TableName.class && c != Lsn.class;
    return row ? Optional.of(RECORDS.get((Class<?>) type)) : Optional.empty();
  }

  private static @Nullable TableName tableName(ResultSet row, int at) throws SQLException {
    String[] parts = (String[]) row.getArray(at).getArray();
    return new TableName(parts[0], parts[1]);
  }

  private static @Nullable Duration duration(ResultSet row, int at) throws SQLException {
    long micros = row.getLong(at);
    return row.wasNull() ? null : Duration.of(micros, ChronoUnit.MICROS);
  }

  private static Optional<Argument> argument(
      Type type, @Nullable Object value, ConfigRegistry config) {
    return Optional.ofNullable(
        switch (value) {
          case List<?> list ->
              (at, statement, context) ->
                  statement.setArray(
                      at, context.getConnection().createArrayOf("text", list.toArray()));
          case Duration duration ->
              (at, statement, context) ->
                  statement.setLong(at, TimeUnit.MICROSECONDS.convert(duration));
          case Colour colour -> (at, statement, context) -> statement.setString(at, colour.id());
          case Lsn lsn -> (at, statement, context) -> statement.setString(at, lsn.toString());
          case UUID uuid -> (at, statement, context) -> statement.setObject(at, uuid);
          case null, default -> null;
        });
  }
}
