"""Where a key stands in a TOML text, so that an error can name the line; tomllib itself forgets it."""

from __future__ import annotations

import re

_STEP = re.compile(r"(\w+)(?:\[(\d+)\])?")
_HEADER = re.compile(r"^[ \t]*\[", re.MULTILINE)


def line_of(text: str, key: str) -> int | None:
    """The 1-based line of a dotted key such as ``metrics[2].limits[0].high``.

    Of a key that is not there, the line of what should hold it: its table's header, or the first line of the file. None
    for an empty text.
    """
    start, end, path = 0, len(text), ""
    for name, index in _STEP.findall(key):
        path = f"{path}.{name}" if path else name
        place = _table(text, path, int(index or 0), start, end) or _assignment(text, path, start, end)
        if place is None:
            break
        start, end = place
    return text.count("\n", 0, start) + 1 if text else None


def _table(text: str, path: str, index: int, start: int, end: int) -> tuple[int, int] | None:
    """Where the index-th ``[[path]]`` begins and ends, between start and end."""
    headers = list(re.compile(rf"^[ \t]*\[\[?{re.escape(path)}\]", re.MULTILINE).finditer(text, start, end))
    if index >= len(headers):
        return None
    header = headers[index]
    other = re.compile(rf"^[ \t]*\[{{1,2}}(?!\[|{re.escape(path)}\.)", re.MULTILINE).search(text, header.end(), end)
    return header.start() + _indent(header[0]), other.start() if other else end


def _assignment(text: str, path: str, start: int, end: int) -> tuple[int, int] | None:
    """Where ``name =`` begins; a line of its own is preferred to a member of an inline table."""
    header = _HEADER.search(text, start, end) if "." not in path else None
    end, name = header.start() if header else end, re.escape(path.rpartition(".")[2])
    for pattern in (rf"^[ \t]*[\"']?{name}[\"']?\s*=", rf"(?<![\w.-]){name}\s*="):
        if place := re.compile(pattern, re.MULTILINE).search(text, start, end):
            return place.start() + _indent(place[0]), end
    return None


def _indent(found: str) -> int:
    return len(found) - len(found.lstrip())
