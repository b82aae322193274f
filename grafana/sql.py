"""Reads panel queries from ``grafana/queries/`` and puts literals into them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

QUERIES = Path(__file__).parent / "queries"


@cache
def _text(name: str) -> str:
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8").strip()


def sql(name: str, **literals: str) -> str:
    """The query `name` with every ``{key}`` replaced by a quoted string literal.

    Raises:
        KeyError: a placeholder has no literal.
    """
    return re.sub(r"\{(\w+)\}", lambda found: quote(literals[found.group(1)]), _text(name))


def quote(text: str) -> str:
    """A ClickHouse string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
