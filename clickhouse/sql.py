"""Reads SQL text as far as needed to cut it into statements: strings, quoted names, comments, words, marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
      (?P<blank>   \s+ | --[^\n]* | \#[!\ ][^\n]* | /\*.*?(?:\*/|\Z) )
    | (?P<string>  '(?:[^'\\]|\\.|'')*(?:'|\Z) | (?P<tag>\$\w*\$).*?(?:(?P=tag)|\Z) )
    | (?P<name>    "(?:[^"\\]|\\.|"")*(?:"|\Z) | `(?:[^`\\]|\\.|``)*(?:`|\Z) )
    | (?P<word>    [A-Za-z_]\w* )
    | (?P<number>  \d[\w.]* )
    | (?P<mark>    . )
    """,
    re.VERBOSE | re.DOTALL | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of SQL.

    Attributes:
        kind: string, name (quoted), word, number or mark.
        text: as written.
        start: offset of its first character.
        depth: how many brackets it is inside.
    """

    kind: str
    text: str
    start: int
    depth: int

    @property
    def end(self) -> int:
        """Offset after its last character."""
        return self.start + len(self.text)

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, in any case."""
        return self.kind == "word" and self.text.upper() in words

    def is_mark(self, mark: str) -> bool:
        """Whether it is this one character."""
        return self.kind == "mark" and self.text == mark


def tokens(sql: str) -> Iterator[Token]:
    """All tokens but blanks and comments; text that ends within a string or comment is one token to its end."""
    depth = 0
    for found in _TOKEN.finditer(sql):
        kind = "string" if found.lastgroup == "tag" else str(found.lastgroup)
        if kind == "blank":
            continue
        text = found[0]
        if kind == "mark" and text in ")]}":
            depth = max(depth - 1, 0)
        yield Token(kind, text, found.start(), depth)
        if kind == "mark" and text in "([{":
            depth += 1


def split_statements(sql: str) -> list[str]:
    """The statements of a file without their semicolons; pieces that hold only comments are left out."""
    statements, start, empty = [], 0, True
    for token in tokens(sql):
        if token.is_mark(";"):
            if not empty:
                statements.append(sql[start : token.start].strip())
            start, empty = token.end, True
        else:
            empty = False
    if not empty:
        statements.append(sql[start:].strip())
    return statements
