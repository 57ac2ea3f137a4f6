package dev.signalbox.engine.strategy.client.query;

import dev.signalbox.engine.strategy.client.QueryHandle;

/// A pinned query with the session that it needs.
record Pin(QueryHandle handle, Session session) {}
