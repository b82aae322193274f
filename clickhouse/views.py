"""The views that people read (``clickhouse/views/*.sql``), each made twice: as it is now, and as it was known at a time.

A file holds one SELECT after a comment that becomes the view's. It names what it reads in braces, with an alias or
without: ``{readings r}``, ``{v_stances}``; the time is ``{moment}``. For ``v_x`` these are tables with FINAL (without
for ``{readings*}``) and the clock. For ``v_x_at(as_of = …)`` they are the rows received until then and ``as_of``; sums and latest states, which keep
no past, are then recomputed by ``clickhouse/views/at/<table>.sql``. Source of the idea: bitemporal tables, SQL:2011.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path

from ioc.errors import MigrationError
from ioc.records import KINDS

VIEWS = Path(__file__).parent / "views"
AS_OF = "{as_of:DateTime64(3, 'UTC')}"
NOW = "now64(3, 'UTC')"

# Kinds whose corrections are kept, see migration 0006: what was corrected after `as_of` is shown as it was before.
WITH_HISTORY = frozenset(
    {
        "dossiers", "tasks", "field_reports", "posts", "stances", "indicator_values", "indicator_targets",
        "health_cases", "incidents", "anomalies", "alerts",
    }
)  # fmt: skip

_RAISED_AGAIN = {"alerts": "event_id, raised_at"}  # their tables keep several rows of an identity, one a moment

_PLACEHOLDER = re.compile(r"\{(\w+)(\*?)(?: (\w+))?\}")


@dataclass(frozen=True)
class View:
    """One file.

    Attributes:
        name: of the view, or of the table that it recomputes.
        comment: Vietnamese | English.
        select: the statement with its placeholders.
        recomputes: it stands for a table in the past, and has no present.
    """

    name: str
    comment: str
    select: str
    recomputes: bool = False

    @cached_property
    def reads(self) -> frozenset[str]:
        """Tables and views it names."""
        return frozenset(found[1] for found in _PLACEHOLDER.finditer(self.select)) - {"moment", "database"}


class Views:
    """All views of a folder.

    Raises:
        MigrationError: a file without a comment, or views that read each other in a circle.
    """

    def __init__(self, folder: Path = VIEWS) -> None:
        found = [_read(file) for file in sorted(folder.glob("*.sql"))]
        found += [_read(file, recomputes=True) for file in sorted(folder.glob("at/*.sql"))]
        self._views = {view.name: view for view in found}
        graph = {view.name: view.reads & self._views.keys() for view in found}
        try:
            self.order: Sequence[str] = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise MigrationError(f"views read each other in a circle: {' → '.join(error.args[1])}") from None
        self._timed: dict[str, bool] = {}
        for name in self.order:
            self._timed[name] = self._is_timed(self._views[name])

    def __getitem__(self, name: str) -> View:
        return self._views[name]

    def timed(self, name: str) -> bool:
        """Whether a view's answer depends on when it is asked, so that ``<name>_at`` exists."""
        return self._timed[name]

    def statements(self, database: str) -> Mapping[str, list[str]]:
        """What makes each view, in the order in which they can be made."""
        return {name: self._made(self._views[name], database) for name in self.order}

    def checksums(self, database: str) -> dict[str, str]:
        """SHA-256 of each view's statements."""
        return {name: sha256("\n".join(made).encode()).hexdigest() for name, made in self.statements(database).items()}

    def _made(self, view: View, database: str) -> list[str]:
        made = []
        if not view.recomputes:
            made.append(_create(database, view.name, self._now(view, database), view.comment))
        if self._timed[view.name]:
            comment = f"{view.name} như trung tâm biết lúc as_of | {view.name} as it was known at as_of"
            made.append(_create(database, f"{view.name}_at", self._then(view, database), comment))
        return made

    def _is_timed(self, view: View) -> bool:
        return "{moment}" in view.select or any(self._timed.get(n, not n.startswith("dim_")) for n in view.reads)

    def _now(self, view: View, database: str) -> str:
        def put(found: re.Match[str]) -> str:
            name, alias = found[1], f" AS {found[3]}" if found[3] else ""
            if name in {"moment", "database"}:
                return NOW if name == "moment" else database
            whole = found[2] or (name in self._views and not self._views[name].recomputes)
            final = "" if whole else " FINAL"
            return f"{database}.{name}{alias}{final}"

        return _PLACEHOLDER.sub(put, view.select)

    def _then(self, view: View, database: str) -> str:
        def put(found: re.Match[str]) -> str:
            name, alias = found[1], f" AS {found[3]}" if found[3] else ""
            if name in {"moment", "database"}:
                return AS_OF if name == "moment" else database
            if self._timed.get(name):
                return f"{database}.{name}_at(as_of = {AS_OF}){alias}"
            if name in KINDS:
                return f"({_known(database, name)}){alias}"
            return f"{database}.{name}{alias}" + ("" if name in self._views else " FINAL")

        return _PLACEHOLDER.sub(put, view.select)


def _known(database: str, kind: str) -> str:
    """The rows of a kind that were received until `as_of`; PREWHERE chooses them before FINAL keeps the newest."""
    if kind not in WITH_HISTORY:
        return f"SELECT * FROM {database}.{kind} FINAL PREWHERE received_at <= {AS_OF}"
    return (
        f"SELECT * FROM {database}.{kind}_history FINAL WHERE received_at <= {AS_OF}"
        f" ORDER BY received_at DESC LIMIT 1 BY {_RAISED_AGAIN.get(kind, 'event_id')}"
    )


def _create(database: str, name: str, select: str, comment: str) -> str:
    return f"CREATE OR REPLACE VIEW {database}.{name} AS\n{select}\nCOMMENT '{comment.replace(chr(39), chr(39) * 2)}'"


def _read(file: Path, recomputes: bool = False) -> View:
    head, _, select = file.read_text(encoding="utf-8").partition("\n")
    if not head.startswith("-- ") or "|" not in head:
        raise MigrationError(f"{file.name}: begins with '-- Vietnamese | English', which becomes the view's comment")
    return View(file.stem, head.removeprefix("-- ").strip(), select.strip(), recomputes)
