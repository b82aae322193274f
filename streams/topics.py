"""Topics and partitions: one topic a kind of record, and the one rule that says which partition a record goes to."""

from __future__ import annotations

from zlib import crc32

from ioc.records import KINDS, Record

PREFIX = "ioc."
LEADER_TOPIC = PREFIX + "leader"  # carries nothing; who is assigned its one partition leads


def topic_of(kind: str) -> str:
    """The topic that carries a kind, the same on every broker."""
    return PREFIX + kind


def all_topics() -> list[str]:
    """Every topic of the centre."""
    return [topic_of(kind) for kind in KINDS]


def partition_of(record: Record, partitions: int) -> int:
    """Records with equal order keys go to the same partition on every broker, so that a series stays in order."""
    return crc32(record.order_key.encode()) % partitions
