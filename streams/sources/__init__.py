"""Adapters, one a format: bytes in, records and rejects out; `streams.sources.base` is their contract."""
