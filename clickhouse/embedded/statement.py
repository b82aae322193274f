"""Tells what a request's SQL is: where the data of an INSERT begins, and the format of an answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from clickhouse.embedded.errors import Refused
from clickhouse.embedded.kill import by_own_id, is_kill
from clickhouse.sql import Token, tokens

DEFAULT_FORMAT = "TabSeparated"
INSERT_FORMAT = "Values"
_BEFORE_DATA = ("VALUES", "SELECT", "WITH", "INFILE")

_SYNTAX_ERROR, _NOT_IMPLEMENTED, _ACCESS_DENIED = 62, 48, 497


@dataclass(frozen=True)
class Statement:
    """One statement.

    Attributes:
        sql: its text; of an INSERT with data, up to the data and without FORMAT.
        format: of the answer, or of the data.
        data_from: offset in the text where the data of an INSERT begins; None: there is none.
        selects: whether it is a SELECT, whose answer the engine can give block by block.
    """

    sql: str
    format: str
    data_from: int | None = None
    selects: bool = False

    @property
    def takes_data(self) -> bool:
        """Whether it is an INSERT whose rows come as data."""
        return self.data_from is not None


def statement_of(text: str, default_format: str = "") -> Statement:
    """Look at the text of a request.

    Args:
        text: SQL, with the beginning of the data of an INSERT behind it; one character a byte (Latin-1), so that
            offsets are those of the bytes.
        default_format: where the statement names none.

    Raises:
        Refused: no statement, more than one, or one that would touch files.
    """
    found = tokens(text)
    first = next(found, None)
    if first is None or first.is_mark(";"):
        raise Refused(_SYNTAX_ERROR, "Syntax error: Empty query. (SYNTAX_ERROR)")
    if first.is_word("INSERT"):
        return _insert(text, [*_until_data(found)], default_format)
    return _answering([first, *found], text, default_format)


def _until_data(found: Iterator[Token]) -> list[Token]:
    """The tokens of an INSERT up to its data: what follows may be binary and long."""
    head: list[Token] = []
    for token in found:
        head.append(token)
        named = 2 if head[0].is_word("INTO") else 1  # INSERT [INTO] table, whatever its name
        if token.depth or len(head) <= named:
            continue
        if (token.is_word(*_BEFORE_DATA) and not head[-2].is_mark(".")) or _names_format(head):
            break
    return head


def _names_format(head: list[Token]) -> bool:
    """Whether the last two tokens are FORMAT and a name, and FORMAT is no part of the table's name."""
    return len(head) > 2 and head[-1].kind == "word" and head[-2].is_word("FORMAT") and not head[-3].is_mark(".")


def _insert(text: str, head: list[Token], default_format: str) -> Statement:
    last = head[-1] if head else Token("mark", "", len(text), 0)
    if last.is_word("INFILE"):
        raise _files("INFILE")
    if last.is_word("VALUES"):
        return Statement(text[: last.start], "Values", last.end)
    if last.is_word("SELECT", "WITH"):
        return _answering([*head, *tokens_after(text, last)], text, default_format)
    if _names_format(head):
        return Statement(text[: head[-2].start], last.text, _after_format(text, last.end))
    return Statement(text.rstrip().rstrip(";"), default_format or INSERT_FORMAT, len(text))


def tokens_after(text: str, token: Token) -> list[Token]:
    """The tokens behind one of them."""
    return [Token(t.kind, t.text, t.start + token.end, t.depth) for t in tokens(text[token.end :])]


def _after_format(text: str, at: int) -> int:
    """Where ClickHouse's parser lets the data begin: after blanks and one line break."""
    while text[at : at + 1] in {" ", "\t", "\f"}:
        at += 1
    if text[at : at + 1] == "\r":
        at += 1
    return at + 1 if text[at : at + 1] == "\n" else at


def _answering(found: list[Token], text: str, default_format: str) -> Statement:
    _refuse_files(found)
    while found and found[-1].is_mark(";"):
        found.pop()
    if any(token.is_mark(";") for token in found):
        raise Refused(_SYNTAX_ERROR, "Syntax error (Multi-statements are not allowed). (SYNTAX_ERROR)")
    selects = found[0].is_word("SELECT", "WITH") or found[0].is_mark("(")
    fmt = _format_of(found) or default_format or DEFAULT_FORMAT
    if fmt.lower() == "arrowstream" and any(b.is_word("WITH") and t.is_word("TOTALS") for b, t in pairwise(found)):
        selects = False  # chDB fails on totals in blocks of Arrow
    sql = text[: found[-1].end]
    return Statement(by_own_id(sql, found) if is_kill(found) else sql, fmt, selects=selects)


def _format_of(found: list[Token]) -> str:
    """The format a statement ends with; SETTINGS may come after it."""
    for at in range(len(found) - 2, 0, -1):
        if not (found[at].is_word("FORMAT") and found[at].depth == 0 and found[at + 1].kind == "word"):
            continue
        behind = found[at + 2 : at + 3]
        if not behind or behind[0].is_word("SETTINGS"):
            return found[at + 1].text
    return ""


def _refuse_files(found: list[Token]) -> None:
    """What the engine would do without asking its grants: write files, and look at Python's variables."""
    for before, token in pairwise(found):
        if before.is_word("INTO") and token.is_word("OUTFILE"):
            raise _files("INTO OUTFILE")
        if before.is_word("PYTHON") and token.is_mark("("):
            raise _files("Python()")


def _files(what: str) -> Refused:
    return Refused(_ACCESS_DENIED, f"{what} is not offered by the embedded server. (ACCESS_DENIED)")
