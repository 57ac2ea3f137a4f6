CREATE INDEX CONCURRENTLY transfers_at ON transfers (at);
