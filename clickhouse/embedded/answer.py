"""Asks the engine one question and gives the answer piece by piece; every method may block, so call it in a thread."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from typing import Any

from clickhouse.embedded.config import RESULT_BYTES
from clickhouse.embedded.engine import Connection, Engine
from clickhouse.embedded.errors import Refused, refused
from clickhouse.embedded.hello import hello
from clickhouse.embedded.joined import can_join, join
from clickhouse.embedded.request import Question
from clickhouse.embedded.sessions import Sessions
from clickhouse.embedded.statement import Statement

HELD_BYTES = 1 << 20  # an answer up to this size is sent whole, with its length, and an error in it is still an error

_READONLY, _TOO_LONG = 164, 396


class Answer:
    """One request on one connection: `ask` and `more`, or `insert` as often as there is data; then `close`.

    Attributes:
        question: the request.
        statement: its SQL.
        summary: what the engine read and wrote, as X-ClickHouse-Summary has it.
        closed: whether the connection was given back.
    """

    def __init__(self, engine: Engine, sessions: Sessions, question: Question, statement: Statement) -> None:
        self._engine, self._sessions, self.question, self.statement = engine, sessions, question, statement
        self._stack = ExitStack()
        self._busy = threading.RLock()
        self._began = time.monotonic_ns()
        self._pieces: Iterator[bytes] = iter(())
        self._inserting: Any = None
        self.summary: dict[str, str] = {}
        self.closed = False

    def ask(self) -> tuple[bytes, bool]:
        """The beginning of the answer, and whether there is more of it.

        Raises:
            Refused: by the engine.
        """
        with self._busy:
            self._open()
            self._pieces = self._all_pieces()
            held = bytearray()
            for piece in self._pieces:
                held += piece
                if len(held) > HELD_BYTES and self._streams:
                    return bytes(held), True
            self.close()
            return bytes(held), False

    def more(self) -> bytes:
        """The next piece of the answer, empty at its end.

        Raises:
            Refused: by the engine.
        """
        with self._busy:
            return next(self._pieces, b"")

    def insert(self, data: bytes, last: bool = False) -> None:
        """Give an INSERT the next piece of its data; when this returns from the last one, the rows are stored.

        Raises:
            Refused: by the engine.
        """
        with self._busy:
            if self._inserting is None:
                self._open()
                self._inserting = self._call(self._connection.send_insert, self._sql, self.statement.format)
                self._undo = self._stack.enter_context(ExitStack())
                self._undo.callback(self._cancel_insert)
            if data:
                self._call(self._connection.insert_append, self._inserting, data)
            if last:
                self._finish_insert()
                self.close()

    def cancel(self) -> None:
        """End the running query; what waits for it gets an error."""
        self._engine.cancel(self.question.query_id)

    def close(self) -> None:
        """Give the connection back, after the call in progress; an INSERT that was not finished is undone."""
        with self._busy:
            self.closed = True
            self._stack.close()

    def _open(self) -> None:
        """The connection, with database, parameters and settings; readonly last, because it forbids the others."""
        question = self.question
        self._connection: Connection = self._stack.enter_context(self._sessions.connection(question))
        if question.session and question.readonly and not self._only_reads():
            raise Refused(_READONLY, "Cannot execute query in readonly mode. (READONLY)")
        pairs = {f"param_{name}": value for name, value in question.params.items()} | dict(question.settings)
        pairs["log_comment"] = question.query_id
        if self.statement.selects and not self._streams:
            pairs.setdefault("max_result_bytes", str(RESULT_BYTES))
        if question.readonly and not question.session:
            pairs["readonly"] = str(question.readonly)
        use = f"USE {_name(question.database)}; " if question.database else ""
        values = ", ".join(f"{_name(name)} = {_string(value)}" for name, value in pairs.items())
        self._call(self._connection.query, f"{use}SET {values}")
        if question.session:
            names = ", ".join(f"{_name(name)} = DEFAULT" for name in pairs if not name.startswith("param_"))
            self._stack.callback(self._connection.query, f"SET {names}")

    def _only_reads(self) -> bool:
        kind = self._connection.classify_query(self._sql.decode(errors="replace"))["query_class"].name
        return kind in {"READ_ONLY", "CONTROL"}

    @property
    def _streams(self) -> bool:
        return self.statement.selects and can_join(self.statement.format)

    def _all_pieces(self) -> Iterator[bytes]:
        fmt = self.statement.format
        if fixed := hello(self.statement.sql, fmt, self._engine.version):
            yield fixed
        elif self._streams:
            yield from join(fmt, self._blocks())
        else:
            yield self._whole()

    def _blocks(self) -> Iterator[bytes]:
        stream = self._call(self._connection.send_query, self._sql, self.statement.format)
        rows = size = 0
        while True:
            block = self._call(self._connection.streaming_fetch_result, stream)
            if not block.rows_read():
                break
            rows, size = rows + block.rows_read(), size + block.bytes_read()
            yield block.bytes()
        if not rows:
            yield block.bytes()  # a document without rows, where the format has one
        self._summarise(read_rows=rows, read_bytes=size, result_rows=rows, result_bytes=size)

    def _whole(self) -> bytes:
        result = self._call(self._connection.query, self._sql, self.statement.format)
        if result.size() > RESULT_BYTES:
            raise Refused(
                _TOO_LONG,
                f"An answer in {self.statement.format} is at most {RESULT_BYTES} bytes; ask for Native, ArrowStream,"
                " TabSeparated, CSV or JSONEachRow, which are streamed. (TOO_MANY_ROWS_OR_BYTES)",
            )
        self._summarise(
            read_rows=result.storage_rows_read(), read_bytes=result.storage_bytes_read(),
            written_rows=result.rows_written(), written_bytes=result.bytes_written(), result_rows=result.rows_read(),
        )  # fmt: skip
        return bytes(result.bytes())

    def _finish_insert(self) -> None:
        self._undo.pop_all()
        done = self._call(self._connection.insert_done, self._inserting)
        rows, size = done.rows_written(), done.bytes_written()
        self._summarise(read_rows=rows, read_bytes=size, written_rows=rows, written_bytes=size)

    def _cancel_insert(self) -> None:
        with suppress(RuntimeError):  # it failed already
            self._connection.insert_cancel(self._inserting)

    @property
    def _sql(self) -> bytes:
        return self.statement.sql.encode("latin-1")

    def _summarise(self, **counts: int) -> None:
        counts["elapsed_ns"] = time.monotonic_ns() - self._began
        self.summary = {name: str(count) for name, count in counts.items()}

    @property
    def summary_json(self) -> str:
        """The summary as a header's value."""
        return json.dumps(self.summary, separators=(",", ":"))

    @staticmethod
    def _call(call: Callable[..., Any], *args: object) -> Any:
        try:
            return call(*args)
        except RuntimeError as error:
            raise refused(error) from None


def _name(text: str) -> str:
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _string(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
