"""What goes around an answer: headers, errors, and the replies that ask the engine nothing."""

from __future__ import annotations

from aiohttp import web

from clickhouse.embedded.answer import Answer
from clickhouse.embedded.errors import Refused
from clickhouse.embedded.request import Question

NAME = "ioc-embedded"
METHODS = ("GET", "HEAD", "POST", "OPTIONS")

_CONTENT_TYPES = {
    "json": "application/json; charset=UTF-8", "jsoncompact": "application/json; charset=UTF-8",
    "jsoneachrow": "application/x-ndjson; charset=UTF-8", "csv": "text/csv; charset=UTF-8; header=absent",
    "csvwithnames": "text/csv; charset=UTF-8; header=present", "tabseparated": "text/tab-separated-values; charset=UTF-8",
    "tabseparatedwithnames": "text/tab-separated-values; charset=UTF-8", "tsv": "text/tab-separated-values; charset=UTF-8",
    "native": "application/octet-stream", "rowbinary": "application/octet-stream", "parquet": "application/octet-stream",
    "rowbinarywithnames": "application/octet-stream", "rowbinarywithnamesandtypes": "application/octet-stream",
    "arrow": "application/vnd.apache.arrow.file", "arrowstream": "application/vnd.apache.arrow.stream",
}  # fmt: skip
_AUTHENTICATION_FAILED = 516


def headers_of(answer: Answer, encoding: str = "") -> dict[str, str]:
    """The headers of an answer that has begun well.

    Args:
        answer: its summary is what it read until now.
        encoding: its Content-Encoding; empty: none.
    """
    fmt = answer.statement.format
    headers = {
        "Content-Type": _CONTENT_TYPES.get(fmt.lower(), "text/plain; charset=UTF-8"),
        "X-ClickHouse-Format": _printable(fmt),
        "X-ClickHouse-Summary": answer.counts.text,
    }
    return headers_about(answer.question) | headers | ({"Content-Encoding": encoding} if encoding else {})


def headers_about(question: Question | None) -> dict[str, str]:
    """The headers of every reply; fewer of one to a request that could not be read."""
    if question is None:
        return {"X-ClickHouse-Server-Display-Name": NAME}
    return {
        "X-ClickHouse-Server-Display-Name": NAME,
        "X-ClickHouse-Query-Id": _printable(question.query_id),
        "X-ClickHouse-Timezone": _printable(question.settings.get("session_timezone") or "UTC"),
        "Vary": "Accept-Encoding",
    }


def error_headers(error: Refused, question: Question | None = None, answer: Answer | None = None) -> dict[str, str]:
    """The headers of an error, with as much as is known of what it is an answer to."""
    headers = headers_of(answer) if answer else headers_about(question)
    headers |= {"Content-Type": "text/plain; charset=UTF-8", "X-ClickHouse-Exception-Code": str(error.code)}
    if error.code == _AUTHENTICATION_FAILED:
        headers["WWW-Authenticate"] = 'Basic realm="ClickHouse server HTTP API"'
    return headers


def error_amid(error: Refused, version: str, tag: str) -> bytes:
    """What ends an answer whose beginning is sent: ClickHouse's exception block (since 25.11).

    Args:
        error: why it ends.
        version: the engine's.
        tag: that the header X-ClickHouse-Exception-Tag told, so that no data can be taken for it.
    """
    text = error.text(version).encode()
    return b"\r\n__exception__\r\n%b\r\n%b%d %b\r\n__exception__\r\n" % (tag.encode(), text, len(text), tag.encode())


def healthy() -> web.Response:
    """The reply to who only asks whether we are there."""
    return web.Response(text="Ok.\n", headers=headers_about(None))


def methods() -> web.Response:
    """The reply to OPTIONS. It allows no page of another site anything: `check_origin` says why."""
    return web.Response(status=204, headers=headers_about(None) | {"Allow": ", ".join(METHODS)})


def nothing_there(path: str) -> web.Response:
    """The reply to an address that is none of ours."""
    text = (
        f"There is no handle {_printable(path)}\nUse / or /ping for health checks.\n"
        "Send queries from your program with POST method or GET /?query=...\n"
    )
    return web.Response(status=404, text=text, headers=headers_about(None))


def _printable(text: str) -> str:
    """Of text that a client sent: what may stand in a header."""
    return "".join(letter for letter in text if letter.isprintable())
