package dev.signalbox.strategy.query;

import dev.signalbox.strategy.QueryHandle;

/// A pinned query with the session that it needs.
record Pin(QueryHandle handle, Session session) {}
