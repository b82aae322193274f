"""The SQL of all panels, one .sql file a question; `{name}` in a file is replaced by a quoted literal."""
