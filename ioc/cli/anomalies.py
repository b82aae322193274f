"""`ioc anomalies`: look at what detectors told of, say what was true, and see how that moves thresholds."""

from __future__ import annotations

import asyncio
import getpass
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from clickhouse.connection import Connection
from clickhouse.verdicts import anomaly_named, series_named, verdict_on, verdicts_since
from ioc.cli.run import opened_packer
from ioc.cli.source import plain
from ioc.packs import utc_now
from ioc.records import Judgement, Verdict
from ioc.settings import Settings, load_settings
from models.feedback import FORGOTTEN, adaptations

anomalies_app = typer.Typer(help="Bất thường và đánh giá | anomalies and verdicts", no_args_is_help=True)

_SHORT = 12
_WORDS = {"": "–", "true": "đúng", "false": "sai", "unsure": "không rõ"}
_UNITS = {"h": "hours", "d": "days", "w": "weeks"}

By = Annotated[str, typer.Option(help="Who says so; without it, who is logged in at this machine.")]
Note = Annotated[str, typer.Option(help="Why, for those who come after.")]
Source = Annotated[str, typer.Argument(help="Id of the source.")]
Station = Annotated[str, typer.Argument(help="Code of the station.")]
Metric = Annotated[str, typer.Argument(help="Id of the metric.")]


@anomalies_app.command("list")
def list_anomalies(
    since: Annotated[
        str, typer.Option(help="No older than this: 12h, 7d, 4w, or a time as 2026-11-25T14:00+07:00.")
    ] = "7d",
    unmarked: Annotated[bool, typer.Option("--unmarked", help="Only those that nobody has judged.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="At most so many, newest first.")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line an anomaly.")] = False,
) -> None:
    """List anomalies, newest first, with what was said of them."""
    params = {"since": _moment(since, utc_now()), "unmarked": int(unmarked), "prefix": "", "limit": limit}
    rows = Connection(load_settings()).query("anomalies_judged", params).to_pylist()
    if as_json:
        for row in rows:
            print(json.dumps(row | {"observed_at": row["observed_at"].isoformat()}, ensure_ascii=False))
        return
    table = Table("mã", "lúc (UTC)", "mức", "nơi", "lý do", "đánh giá", "người", title=f"Bất thường: {len(rows)}")
    for row in rows:
        place = f"{row['station_name']} · {row['metric_name']}"
        cells = (
            row["event_id"][:_SHORT],
            f"{row['observed_at']:%Y-%m-%d %H:%M}",
            row["severity"],
            place,
            row["reason"],
        )
        table.add_row(*map(plain, (*cells, _WORDS.get(row["verdict"], row["verdict"]), row["verdict_by"])))
    Console().print(table)


@anomalies_app.command("mark")
def mark(
    anomaly: Annotated[str, typer.Argument(metavar="ID", help="Identity, or how it begins.")],
    true: Annotated[bool | None, typer.Option("--true/--false", help="Whether it was one.")] = None,
    unsure: Annotated[bool, typer.Option("--unsure", help="Instead: nobody can say.")] = False,
    note: Note = "",
    by: By = "",
) -> None:
    """Say whether an anomaly was one; a later verdict replaces it."""
    if (true is None) != unsure:
        raise typer.BadParameter("say one of --true, --false, --unsure")
    verdict: Judgement = "unsure" if true is None else "true" if true else "false"
    settings = load_settings()
    subject = anomaly_named(Connection(settings), anomaly)
    _send(settings, verdict_on(subject, verdict, by=by or getpass.getuser(), now=utc_now(), note=note))


@anomalies_app.command("missed")
def missed(
    source: Source, station: Station, metric: Metric,
    at: Annotated[str, typer.Option(help="When it was, as 2026-11-25T14:00+07:00.")], note: Note = "", by: By = "",
) -> None:  # fmt: skip
    """Say that nothing was told of something that should have been."""
    settings, now = load_settings(), utc_now()
    subject = series_named(Connection(settings), source, station, metric, _moment(at, now))
    _send(settings, verdict_on(subject, "missed", by=by or getpass.getuser(), now=now, note=note))


@anomalies_app.command("thresholds")
def thresholds(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON line a series.")] = False,
) -> None:
    """Show the series whose thresholds verdicts have moved, how far, and why."""
    settings, now = load_settings(), utc_now()
    said = verdicts_since(Connection(settings), now - FORGOTTEN)
    found = sorted(adaptations(said, now, settings.goal_precision).items(), key=lambda item: (-item[1].factor, item[0]))
    if as_json:
        for key, adapted in found:
            named = dict(zip(("source", "station", "metric"), key, strict=True))
            print(json.dumps(named | adapted._asdict() | {"last": adapted.last.isoformat()}))
        return
    table = Table(
        "nguồn", "trạm", "thông số", "hệ số", "đang tới", "đúng", "sai", "bỏ sót", "đánh giá cuối (UTC)",
        title=f"Ngưỡng hiếm nhân với hệ số, mục tiêu {settings.goal_precision:.0%} báo đúng: {len(found)} chuỗi",
    )  # fmt: skip
    for key, a in found:
        counts = (str(n) for n in (a.true, a.false, a.missed))
        table.add_row(*map(plain, key), f"{a.factor:.2f}", f"{a.wanted:.2f}", *counts, f"{a.last:%Y-%m-%d %H:%M}")
    Console().print(table)


@anomalies_app.command("reset")
def reset(source: Source, station: Station, metric: Metric, note: Note = "", by: By = "") -> None:
    """Let what was said of a series until now no longer move its thresholds."""
    settings, now = load_settings(), utc_now()
    subject = series_named(Connection(settings), source, station, metric, now)
    _send(settings, verdict_on(subject, "reset", by=by or getpass.getuser(), now=now, note=note))


def _send(settings: Settings, verdict: Verdict) -> None:
    asyncio.run(_put(settings, verdict))
    series = " · ".join((verdict.source, verdict.station, verdict.metric))
    print(f"đã ghi {verdict.verdict} của {verdict.decided_by}: {series} {verdict.observed_at:%Y-%m-%d %H:%M} UTC")


async def _put(settings: Settings, verdict: Verdict) -> None:
    async with opened_packer(settings) as packer:
        await packer.put(verdict.source, [verdict])


def _moment(text: str, now: datetime) -> datetime:
    """A time, or so long before now."""
    if found := re.fullmatch(r"(\d{1,5})([hdw])", text):
        return now - timedelta(**{_UNITS[found[2]]: int(found[1])})
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no time; write 7d, or 2026-11-25T14:00+07:00") from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{text!r} has no zone; add +07:00")
    return moment.astimezone(UTC)
