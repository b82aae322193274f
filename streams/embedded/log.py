"""A durable, partitioned log in one SQLite WAL file: topics, records, and the offsets each group committed.

Many processes may append, one may consume (a file lock says which). A record is on disk when `append` returns
(``synchronous=FULL``), so kill -9 and power loss keep every acknowledged record. Consumed records are deleted by age
and size; records nobody consumed are never deleted: when they fill the allowed space `append` says "not now".
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import msgspec

from ioc.errors import BrokerUnavailable, ConfigurationError, DataDirectoryInUse

_SCHEMA = """
CREATE TABLE IF NOT EXISTS topics (name TEXT PRIMARY KEY, partitions INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS heads (
    topic TEXT NOT NULL, partition INTEGER NOT NULL, next_offset INTEGER NOT NULL, PRIMARY KEY (topic, partition));
CREATE TABLE IF NOT EXISTS records (
    id INTEGER PRIMARY KEY, topic TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    timestamp_ms INTEGER NOT NULL, size INTEGER NOT NULL, key BLOB, headers BLOB NOT NULL, value BLOB);
CREATE UNIQUE INDEX IF NOT EXISTS records_by_offset ON records (topic, partition, offset);
CREATE TABLE IF NOT EXISTS committed (
    consumer_group TEXT NOT NULL, topic TEXT NOT NULL, partition INTEGER NOT NULL, offset INTEGER NOT NULL,
    PRIMARY KEY (consumer_group, topic, partition));
CREATE TABLE IF NOT EXISTS usage (only INTEGER PRIMARY KEY CHECK (only = 1), bytes INTEGER NOT NULL);
INSERT OR IGNORE INTO usage VALUES (1, 0);
"""

Headers = Sequence[tuple[str, bytes]]


@dataclass(frozen=True)
class Outgoing:
    """A record to append; without a partition the key chooses it."""

    topic: str
    value: bytes | None
    key: bytes | None = None
    headers: Headers = ()
    partition: int | None = None


@dataclass(frozen=True)
class Stored:
    """A record as it lies in the log."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    headers: list[tuple[str, bytes]]
    value: bytes | None


class Log:
    """One connection to the log; safe to use from several threads, one call at a time."""

    def __init__(self, path: Path, *, max_bytes: int = 2 << 30, max_age_s: float = 72 * 3600) -> None:
        self.path, self.max_bytes, self.max_age_s = path, max_bytes, max_age_s
        self._lock = threading.RLock()
        self._consumer_lock: int | None = None
        path.parent.mkdir(parents=True, exist_ok=True)
        with _translated():
            self._db = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript("BEGIN IMMEDIATE;" + _SCHEMA + "COMMIT;")

    def close(self) -> None:
        """Close the file and give up the right to consume."""
        with self._lock:
            self._db.close()
            self.release_consumer()

    def claim_consumer(self) -> None:
        """Become the one consuming process.

        Raises:
            DataDirectoryInUse: another process consumes this log.
        """
        lock_path = self.path.with_suffix(".consumer")
        descriptor = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            owner = lock_path.read_text().strip()
            os.close(descriptor)
            raise DataDirectoryInUse(str(self.path.parent), int(owner) if owner.isdigit() else None) from None
        os.ftruncate(descriptor, 0)
        os.write(descriptor, str(os.getpid()).encode())
        self._consumer_lock = descriptor

    def release_consumer(self) -> None:
        """Let another process consume."""
        if self._consumer_lock is not None:
            os.close(self._consumer_lock)
            self._consumer_lock = None

    def create_topic(self, name: str, partitions: int) -> None:
        """Declare a topic; an existing one keeps its partitions."""
        with self._transaction() as db:
            db.execute("INSERT OR IGNORE INTO topics VALUES (?, ?)", (name, partitions))
            count = self.partitions(name)
            db.executemany("INSERT OR IGNORE INTO heads VALUES (?, ?, 0)", [(name, p) for p in range(count or 0)])

    def partitions(self, topic: str) -> int | None:
        """How many partitions a topic has, None if there is no such topic."""
        with self._lock, _translated():
            row = self._db.execute("SELECT partitions FROM topics WHERE name = ?", (topic,)).fetchone()
        return row[0] if row else None

    def append(self, records: Sequence[Outgoing]) -> list[tuple[int, int]]:
        """Append in one transaction; (partition, offset) of each.

        Raises:
            BrokerUnavailable: unconsumed records fill the allowed space, or the disk is full: nothing was appended.
            ConfigurationError: no such topic or partition.
        """
        now_ms = int(time.time() * 1000)
        with self._transaction() as db:
            size = sum(_size(r) for r in records)
            used = db.execute("SELECT bytes FROM usage").fetchone()[0]
            if (
                used + size > self.max_bytes
                and used + size - self._delete_consumed(db, used + size - self.max_bytes) > self.max_bytes
            ):
                raise BrokerUnavailable(
                    f"the broker file holds {used >> 20} MB that nobody has consumed yet (IOC_BROKER_RETENTION_MB)", 5.0
                )
            places = [self._append_one(db, record, now_ms) for record in records]
            db.execute("UPDATE usage SET bytes = bytes + ?", (size,))
        return places

    def _append_one(self, db: sqlite3.Connection, record: Outgoing, now_ms: int) -> tuple[int, int]:
        count = self.partitions(record.topic)
        partition = record.partition if record.partition is not None else crc32(record.key or b"") % (count or 1)
        row = db.execute(
            "UPDATE heads SET next_offset = next_offset + 1 WHERE topic = ? AND partition = ? RETURNING next_offset - 1",
            (record.topic, partition),
        ).fetchone()
        if row is None:
            raise ConfigurationError(f"no topic {record.topic!r} with a partition {partition}")
        headers = msgspec.msgpack.encode(list(record.headers))
        db.execute(
            "INSERT INTO records (topic, partition, offset, timestamp_ms, size, key, headers, value) VALUES (?,?,?,?,?,?,?,?)",
            (record.topic, partition, row[0], now_ms, _size(record), record.key, headers, record.value),
        )
        return partition, row[0]

    def read(
        self, topic: str, partition: int, offset: int, *, max_records: int = 100, max_bytes: int = 8 << 20
    ) -> list[Stored]:
        """Records from an offset on, in order; at least one if there is one."""
        out: list[Stored] = []
        size = 0
        with self._lock, _translated():
            cursor = self._db.execute(
                "SELECT offset, timestamp_ms, key, headers, value, size FROM records"
                " WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?",
                (topic, partition, offset, max_records),
            )
            for at, timestamp_ms, key, headers, value, length in cursor:
                if out and size + length > max_bytes:
                    break
                size += length
                out.append(Stored(topic, partition, at, timestamp_ms, key, _headers(headers), value))
        return out

    def next_offset(self, topic: str, partition: int) -> int:
        """The offset the next record will have."""
        with self._lock, _translated():
            row = self._db.execute(
                "SELECT next_offset FROM heads WHERE topic = ? AND partition = ?", (topic, partition)
            ).fetchone()
        return row[0] if row else 0

    def earliest_offset(self, topic: str, partition: int) -> int:
        """The oldest offset still there."""
        with self._lock, _translated():
            row = self._db.execute(
                "SELECT min(offset) FROM records WHERE topic = ? AND partition = ?", (topic, partition)
            ).fetchone()
        return row[0] if row[0] is not None else self.next_offset(topic, partition)

    def commit(self, group: str, offsets: dict[tuple[str, int], int]) -> None:
        """Remember where a group goes on: the next offset to read."""
        with self._transaction() as db:
            db.executemany(
                "INSERT INTO committed VALUES (?,?,?,?) ON CONFLICT DO UPDATE SET offset = excluded.offset",
                [(group, topic, partition, offset) for (topic, partition), offset in offsets.items()],
            )

    def committed(self, group: str, topic: str, partition: int) -> int | None:
        """Where a group goes on, None if it never committed."""
        with self._lock, _translated():
            row = self._db.execute(
                "SELECT offset FROM committed WHERE consumer_group = ? AND topic = ? AND partition = ?",
                (group, topic, partition),
            ).fetchone()
        return row[0] if row else None

    def change_counter(self) -> tuple[int, int]:
        """Something that differs after any connection, this one included, has written; costs microseconds."""
        with self._lock, _translated():
            return int(self._db.execute("PRAGMA data_version").fetchone()[0]), self._db.total_changes

    def lag(self, group: str) -> int:
        """Records appended and not yet committed by a group."""
        with self._lock, _translated():
            row = self._db.execute(
                "SELECT coalesce(sum(h.next_offset - coalesce(c.offset, 0)), 0) FROM heads h LEFT JOIN committed c"
                " ON c.topic = h.topic AND c.partition = h.partition AND c.consumer_group = ?",
                (group,),
            ).fetchone()
        return int(row[0])

    def apply_retention(self) -> int:
        """Delete consumed records older than the age limit; returns the bytes freed."""
        with self._transaction() as db:
            oldest_ms = int((time.time() - self.max_age_s) * 1000)
            return self._delete_consumed(db, None, oldest_ms)

    def _delete_consumed(self, db: sqlite3.Connection, need: int | None, older_than_ms: int | None = None) -> int:
        """Oldest first; a record is consumed when every group that ever committed on its partition is past it."""
        freed, ids = 0, []
        rows = db.execute(
            "SELECT r.id, r.size FROM records r JOIN (SELECT topic, partition, min(offset) AS low FROM committed GROUP BY 1, 2) c"
            " ON r.topic = c.topic AND r.partition = c.partition AND r.offset < c.low"
            " WHERE ? IS NULL OR r.timestamp_ms < ? ORDER BY r.id",
            (older_than_ms, older_than_ms),
        )
        for record_id, size in rows:
            if need is not None and freed >= need:
                break
            freed += size
            ids.append((record_id,))
        db.executemany("DELETE FROM records WHERE id = ?", ids)
        db.execute("UPDATE usage SET bytes = bytes - ?", (freed,))
        return freed

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise


def _size(record: Outgoing) -> int:
    return len(record.value or b"") + len(record.key or b"") + 64


def _headers(encoded: bytes) -> list[tuple[str, bytes]]:
    return [(str(name), bytes(value)) for name, value in msgspec.msgpack.decode(encoded)]


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" in str(error) or "disk" in str(error):
            raise BrokerUnavailable(
                f"the disk of the broker file is full or failing: {error}; free some space", 5.0
            ) from error
        raise BrokerUnavailable(f"the broker file does not answer: {error}") from error
