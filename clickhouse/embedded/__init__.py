"""The embedded ClickHouse server: chDB, which is the ClickHouse engine, behind ClickHouse's own HTTP interface."""
