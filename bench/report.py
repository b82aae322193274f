"""What every benchmark prints: a progress bar on stderr, a table, the versions measured, and one JSON line at the end."""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Tell = Callable[[float, str], None]

_PACKAGES = ("faust-streaming", "aiokafka", "quixstreams", "pyarrow", "clickhouse-connect", "chdb", "numba", "river")


@contextmanager
def progress(quiet: bool) -> Iterator[Tell]:
    """A bar on stderr; call it with the share that is done and what is being done."""
    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), disable=quiet) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda share, text: bar.update(task, completed=share, description=text)


def versions(packages: Sequence[str] = _PACKAGES) -> dict[str, str]:
    """Of everything that takes part, and the machine."""
    found = {"python": platform.python_version(), "cpu": _cpu()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    if packages == _PACKAGES:
        libs = Path(__file__).parents[1] / ".servers" / "kafka" / "libs"
        found["apache-kafka"] = next((p.stem.rpartition("-")[2] for p in libs.glob("kafka-clients-*.jar")), "not here")
    return found


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def show(
    title: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    result: Mapping[str, Any],
    json_only: bool,
    packages: Sequence[str] = _PACKAGES,
) -> None:
    """Print the table and the versions, unless only the line is wanted, and the line."""
    told = versions(packages)
    if not json_only:
        console = Console(highlight=False)
        table = Table(*columns, title=title)
        for row in rows:
            table.add_row(*row)
        console.print(table)
        console.print(", ".join(f"{name} {number}" for name, number in told.items()))
    sys.stdout.write(msgspec.json.encode({**result, "versions": told}).decode() + "\n")
    sys.stdout.flush()
