"""Asks the engine one question and gives the answer piece by piece; every method may block, so call it in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, suppress
from typing import Any

from clickhouse.embedded.config import RESULT_BYTES
from clickhouse.embedded.counts import Counts
from clickhouse.embedded.delivery import Delivery
from clickhouse.embedded.engine import Connection, Engine
from clickhouse.embedded.errors import Refused, refused
from clickhouse.embedded.files import check_files
from clickhouse.embedded.hello import hello
from clickhouse.embedded.joined import can_join, join
from clickhouse.embedded.kill import CANCEL, MARK
from clickhouse.embedded.narrowing import check_reads, narrowing
from clickhouse.embedded.request import Question
from clickhouse.embedded.sessions import Sessions
from clickhouse.embedded.spool import kept
from clickhouse.embedded.statement import Statement

_AGAIN_S = 0.1
_READONLY, _TOO_LONG, _CANCELLED = 164, 396, 394


class Answer:
    """One request on one connection: `ask` and `more`, or `insert` as often as there is data; then `close`.

    Attributes:
        question: the request.
        statement: its SQL.
        counts: what it read and wrote until now.
        closed: whether the connection was given back.
    """

    def __init__(self, engine: Engine, sessions: Sessions, question: Question, statement: Statement) -> None:
        self._engine, self._sessions, self.question, self.statement = engine, sessions, question, statement
        self._stack = ExitStack()
        self._busy = threading.RLock()
        self._pieces: Generator[bytes, None, None] = self._all_pieces()
        self._inserting: Any = None
        self.counts = Counts()
        self.closed = False
        self._cancelled, self._ended = False, threading.Event()

    def ask(self, delivery: Delivery) -> tuple[bytes, bool]:
        """The beginning of the answer, and whether there is more of it.

        Args:
            delivery: how much of it to hold back.

        Raises:
            Refused: by the engine.
        """
        with self._busy:
            self._open()
            if delivery.wait and self._streams:
                self._pieces = kept(self._pieces)
            held = bytearray()
            for piece in self._pieces:
                held += piece
                if len(held) > delivery.held_bytes and self._streams:
                    return bytes(held), True
            self.close()
            return bytes(held), False

    def more(self) -> bytes:
        """The next piece of the answer, empty at its end.

        Raises:
            Refused: by the engine.
        """
        with self._busy:
            piece = next(self._pieces, b"")
            if not piece:
                self.close()
            return piece

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

    @property
    def read_rows(self) -> int:
        """Rows read until now."""
        return self.counts.read_rows

    def cancel(self) -> None:
        """End the running query; what waits for it gets an error.

        The engine knows a query only some time after it was asked, so this asks again until the answer is closed.
        """
        self._cancelled = True
        connection = self._engine.connect()
        try:
            while not self._ended.is_set():
                connection.query(CANCEL, params={"id": self.question.query_id})
                self._ended.wait(_AGAIN_S)
        finally:
            connection.close()

    def close(self) -> None:
        """Give the connection back, after the call in progress; an INSERT that was not finished is undone."""
        with self._busy:
            self.closed = True
            self._ended.set()
            self._pieces.close()
            self._stack.close()

    def _open(self) -> None:
        """The connection, with database, parameters and settings; readonly last, because it forbids the others."""
        question = self.question
        if self._cancelled:
            raise Refused(_CANCELLED, "Query was cancelled. (QUERY_WAS_CANCELLED)")
        self._connection: Connection = self._stack.enter_context(self._sessions.connection(question))
        check_files(self._connection, self._sql, self.statement.takes_data)
        if question.session and question.readonly and not self._only_reads():
            raise Refused(_READONLY, "Cannot execute query in readonly mode. (READONLY)")
        pairs = {f"param_{name}": value for name, value in question.params.items()} | dict(question.settings)
        pairs.setdefault("log_comment", question.query_id)
        if question.user.is_admin:
            pairs[MARK] = question.query_id
        else:
            self._narrow()
        if self.statement.selects and not self._streams:
            pairs.setdefault("max_result_bytes", str(RESULT_BYTES))
        if question.readonly and not question.session:
            pairs["readonly"] = str(question.readonly)
        self._connection.set_progress_callback(self.counts.take)
        self._stack.callback(self._connection.set_progress_callback, None)
        use = f"USE {_name(question.database)}; " if question.database else ""
        values = ", ".join(f"{_name(name)} = {_string(value)}" for name, value in pairs.items())
        self._call(self._connection.query, f"{use}SET {values}")
        if question.session:
            names = ", ".join(f"{_name(name)} = DEFAULT" for name in pairs if not name.startswith("param_"))
            self._stack.callback(self._connection.query, f"SET {names}")

    def _narrow(self) -> None:
        user = self.question.user
        check_reads(self._connection, self._sql, user)
        for statement in narrowing(user, self.question.query_id):
            self._call(self._connection.query, statement)

    def _only_reads(self) -> bool:
        kind = self._connection.classify_query(self._sql.decode(errors="replace"))["query_class"].name
        return kind in {"READ_ONLY", "CONTROL"}

    @property
    def _streams(self) -> bool:
        return self.statement.selects and can_join(self.statement.format)

    def _all_pieces(self) -> Generator[bytes, None, None]:
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
        try:
            while True:
                block = self._call(self._connection.streaming_fetch_result, stream)
                if not block.rows_read():
                    break
                rows, size = rows + block.rows_read(), size + block.bytes_read()
                self.counts.take({"result_rows": rows, "result_bytes": size})
                yield bytes(block.bytes())
        except GeneratorExit:  # nobody reads on: the connection may be a session's, which goes on
            with suppress(RuntimeError):  # it was cancelled already
                self._connection.streaming_cancel_query(stream)
            raise
        yield bytes(block.bytes())  # totals and extremes, or a document without rows, where the format has them

    def _whole(self) -> bytes:
        result = self._call(self._connection.query, self._sql, self.statement.format)
        if result.size() > RESULT_BYTES:
            raise Refused(
                _TOO_LONG,
                f"An answer in {self.statement.format} is at most {RESULT_BYTES} bytes; ask for Native, ArrowStream,"
                " TabSeparated, CSV or JSONEachRow, which are streamed. (TOO_MANY_ROWS_OR_BYTES)",
            )
        self.counts.take({
            "read_rows": result.storage_rows_read(), "read_bytes": result.storage_bytes_read(),
            "written_rows": result.rows_written(), "written_bytes": result.bytes_written(),
            "result_rows": result.rows_read(), "result_bytes": result.bytes_read(),
        })  # fmt: skip
        return bytes(result.bytes())

    def _finish_insert(self) -> None:
        self._undo.pop_all()
        done = self._call(self._connection.insert_done, self._inserting)
        rows, size = done.rows_written(), done.bytes_written()
        self.counts.take({"read_rows": rows, "read_bytes": size, "written_rows": rows, "written_bytes": size})

    def _cancel_insert(self) -> None:
        with suppress(RuntimeError):  # it failed already
            self._connection.insert_cancel(self._inserting)

    @property
    def _sql(self) -> bytes:
        return self.statement.sql.encode("latin-1")

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
