"""Asks the engine one question and gives the answer piece by piece; every function here may block."""

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

_TOO_LONG = 396


class Answer:
    """One request on one connection; call `ask` or `insert`, `append` and `finish`, then `close`, from any thread.

    Attributes:
        question: the request.
        statement: its SQL.
        format: of the body.
        summary: what the engine read and wrote, as X-ClickHouse-Summary has it.
    """

    def __init__(self, engine: Engine, sessions: Sessions, question: Question, statement: Statement) -> None:
        self._engine, self.question, self.statement = engine, question, statement
        self._stack = ExitStack()
        self._calling = threading.Lock()
        self._began = time.monotonic_ns()
        self.format = statement.format
        self.summary: dict[str, str] = {}
        try:
            self._connection: Connection = self._stack.enter_context(sessions.connection(question))
            self._prepare()
        except BaseException:
            self.close()
            raise

    def _prepare(self) -> None:
        """Database, parameters and settings of the request; readonly last, because it forbids the others."""
        question = self.question
        if question.session and question.readonly and not _only_reads(self._connection, self.statement.sql):
            raise Refused(164, "Cannot execute query in readonly mode. (READONLY)")
        lines = [f"USE {_name(question.database)}"] if question.database else []
        pairs = {f"param_{name}": value for name, value in question.params.items()} | dict(question.settings)
        pairs["log_comment"] = question.query_id
        if self.statement.selects and not self.streams:
            pairs.setdefault("max_result_bytes", str(RESULT_BYTES))
        if question.readonly and not question.session:
            pairs["readonly"] = str(question.readonly)
        lines.append("SET " + ", ".join(f"{_name(name)} = {_string(value)}" for name, value in pairs.items()))
        self._engine_call(self._connection.query, "; ".join(lines))
        if question.session:
            names = ", ".join(f"{_name(name)} = DEFAULT" for name in [*question.settings, "log_comment"])
            self._stack.callback(self._connection.query, f"SET {names}")

    @property
    def streams(self) -> bool:
        """Whether `ask` gives more than one piece."""
        return self.statement.selects and can_join(self.format)

    def ask(self) -> Iterator[bytes]:
        """The body of the answer, the first piece when the engine has it.

        Raises:
            Refused: by the engine, before the first piece or between two.
        """
        if fixed := hello(self.statement.sql, self.format, self._engine.version):
            yield fixed
        elif self.streams:
            yield from join(self.format, self._blocks())
        else:
            yield self._whole()

    def _blocks(self) -> Iterator[bytes]:
        stream = self._engine_call(self._connection.send_query, self._sql, self.format)
        rows = size = 0
        while True:
            block = self._engine_call(self._connection.streaming_fetch_result, stream)
            if not block.rows_read():
                break
            rows, size = rows + block.rows_read(), size + block.bytes_read()
            yield block.bytes()
        if not rows:
            yield block.bytes()  # a document without rows, where the format has one
        self._summarise(read_rows=rows, read_bytes=size, result_rows=rows, result_bytes=size)

    def _whole(self) -> bytes:
        result = self._engine_call(self._connection.query, self._sql, self.format)
        if result.size() > RESULT_BYTES:
            raise Refused(
                _TOO_LONG,
                f"An answer in {self.format} is at most {RESULT_BYTES} bytes; ask for Native, TabSeparated, CSV or"
                " JSONEachRow, which are streamed. (TOO_MANY_ROWS_OR_BYTES)",
            )
        self._summarise(
            read_rows=result.storage_rows_read(), read_bytes=result.storage_bytes_read(),
            written_rows=result.rows_written(), written_bytes=result.bytes_written(), result_rows=result.rows_read(),
        )  # fmt: skip
        return bytes(result.bytes())

    def insert(self) -> None:
        """Begin an INSERT.

        Raises:
            Refused: by the engine.
        """
        self._insert = self._engine_call(self._connection.send_insert, self._sql, self.format)
        self._undo = self._stack.enter_context(ExitStack())
        self._undo.callback(self._cancel_insert)

    def append(self, data: bytes) -> None:
        """Give the INSERT the next piece of its data.

        Raises:
            Refused: by the engine.
        """
        self._engine_call(self._connection.insert_append, self._insert, data)

    def finish(self) -> None:
        """Commit the INSERT; when this returns the rows are stored.

        Raises:
            Refused: by the engine.
        """
        self._undo.pop_all()
        done = self._engine_call(self._connection.insert_done, self._insert)
        rows, size = done.rows_written(), done.bytes_written()
        self._summarise(read_rows=rows, read_bytes=size, written_rows=rows, written_bytes=size)

    def cancel(self) -> None:
        """End the running query; what waits for it gets an error."""
        self._engine.cancel(self.question.query_id)

    def close(self) -> None:
        """Give the connection back, after the call in progress; an INSERT that was not finished is undone."""
        with self._calling:
            self._stack.close()

    def _cancel_insert(self) -> None:
        with suppress(RuntimeError):  # it failed already
            self._connection.insert_cancel(self._insert)

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

    def _engine_call(self, call: Callable[..., Any], *args: object) -> Any:
        with self._calling:
            try:
                return call(*args)
            except RuntimeError as error:
                raise refused(error) from None


def _only_reads(connection: Connection, sql: str) -> bool:
    return connection.classify_query(sql)["query_class"].name in {"READ_ONLY", "CONTROL"}


def _name(text: str) -> str:
    return "`" + text.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _string(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
