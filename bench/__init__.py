"""Benchmarks against peers, each printing one table and, last, one JSON line."""
