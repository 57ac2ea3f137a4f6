DROP VIEW statements;
DROP TABLE entries, transfers, accounts;
DROP FUNCTION touch();
DROP TYPE account_status;
