package dev.signalbox.cluster;

import dev.signalbox.cluster.query.Cursor;
import dev.signalbox.cluster.query.QueryEngine;
import dev.signalbox.cluster.result.ResultColumn;
import dev.signalbox.strategy.Strategy;
import dev.signalbox.strategy.wire.GFieldInfo;
import dev.signalbox.strategy.wire.GetColumnsResponse;
import dev.signalbox.strategy.wire.GetColumnsV2Request;
import dev.signalbox.strategy.wire.GetSchemaNamesResponse;
import dev.signalbox.strategy.wire.GetSchemaNamesV2Request;
import dev.signalbox.strategy.wire.GetTablesResponse;
import dev.signalbox.strategy.wire.GetTablesV2Request;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The calls that ask what there is to query. Thread-safe.
final class DiscoveryCalls {
  private static final int MOST_NAMES = 100_000;

  private final CallAdmission reception;
  private final Map<Strategy, QueryEngine> engines;

  DiscoveryCalls(CallAdmission reception, Map<Strategy, QueryEngine> engines) {
    this.reception = reception;
    this.engines = engines;
  }

  private QueryEngine engine(String sessionId) {
    Strategy strategy = reception.beginning(sessionId).strategy();
    return Objects.requireNonNull(engines.get(strategy));
  }

  GetSchemaNamesResponse schemas(GetSchemaNamesV2Request request) {
    Cursor schemas = engine(request.getSessionId()).schemas();
    return GetSchemaNamesResponse.newBuilder()
        .addAllSchemas(SmallResult.firsts(schemas, MOST_NAMES))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  GetTablesResponse tables(GetTablesV2Request request) {
    Cursor tables = engine(request.getSessionId()).tables(request.getSchema());
    return GetTablesResponse.newBuilder()
        .addAllTables(SmallResult.firsts(tables, MOST_NAMES))
        .setSessionId(request.getSessionId())
        .setNewStrategy(reception.wanted())
        .build();
  }

  GetColumnsResponse columns(GetColumnsV2Request request) {
    Cursor table = engine(request.getSessionId()).columns(request.getSchema(), request.getTable());
    List<?> _ = SmallResult.rows(table, 1);
    GetColumnsResponse.Builder answer =
        GetColumnsResponse.newBuilder()
            .setSessionId(request.getSessionId())
            .setNewStrategy(reception.wanted());
    for (ResultColumn column : table.columns()) {
      answer.addFieldInfo(
          GFieldInfo.newBuilder().setFieldName(column.name()).setFieldType(column.type().name()));
    }
    return answer.build();
  }
}
