"""`ioc simulator`: run the synthetic province, and score what the detectors found of its labelled incidents."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from ioc import notify
from ioc.settings import Settings, load_settings

if TYPE_CHECKING:
    from ioc.catalog.model import Catalog
    from simulator.score import KindScore, Score

simulator_app = typer.Typer(help="Tỉnh mô phỏng | simulated province", no_args_is_help=True)

_STATIONS = "env-stations"
_DOSSIERS = "one-stop-dossiers"


@simulator_app.command("run")
def run_simulator() -> None:
    """Feed the centre as the departments would: history first, then as time goes on (Ctrl-C stops it)."""
    from ioc.cli.run import run_part

    run_part(_simulate)


@simulator_app.command("score")
def score_detection(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Hold the anomalies found at the stations against the incidents that the province really had."""
    scored = _score(load_settings())
    if as_json:
        told = {"total": scored.total._asdict(), "kinds": {k: s._asdict() for k, s in scored.kinds.items()}}
        print(msgspec.json.encode(told).decode())
        return
    table = Table("loại sự cố", "sự cố", "phát hiện", "bất thường", "đúng", "độ nhạy", "độ chính xác", "trễ (phút)")
    for kind, one in [*scored.kinds.items(), ("tất cả", scored.total)]:
        table.add_row(kind, *_cells(one))
    Console().print(table)
    for incident in scored.missed:
        print(f"bỏ sót: {incident.description}")


def _cells(one: KindScore) -> list[str]:
    shares = ["–" if share is None else f"{100 * share:.0f} %" for share in (one.recall, one.precision)]
    delay = "–" if one.delay_s is None else f"{one.delay_s / 60:.0f}"
    return [*map(str, (one.incidents, one.detected, one.anomalies, one.right)), *shares, delay]


def _score(settings: Settings) -> Score:
    from clickhouse.client import connect
    from clickhouse.queries import query
    from simulator.labels import FILE, read_labels
    from simulator.run import FOLDER
    from simulator.score import Found, score

    labels = [i for i in read_labels(settings.data_dir / FOLDER / FILE) if i.source == _STATIONS]
    since: datetime = min((i.start for i in labels), default=datetime.now(UTC))
    params: dict[str, Any] = {"source": _STATIONS, "since": since}
    found = query(connect(settings), "anomaly_points", params)
    return score(labels, [Found(**row) for row in found.to_pylist()])


async def _simulate(settings: Settings, catalog: Catalog) -> None:
    from simulator.run import run
    from streams.tokens import token_of

    token = token_of(settings, _DOSSIERS)
    await run(settings, catalog, token, now=lambda: datetime.now(UTC), progress=notify.progress, ready=notify.ready)
