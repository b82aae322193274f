"""The embedded broker: a durable log in one SQLite file, and the Faust transport over it."""
