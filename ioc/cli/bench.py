"""`ioc bench`: measure the streams on real servers, and the engines on public data, beside peers; needs the checkout."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

bench_app = typer.Typer(
    help="Measure streams on real servers and engines on public data; needs the source checkout.", no_args_is_help=True
)

JsonOnly = Annotated[bool, typer.Option("--json-only", help="Print only the JSON line.")]
_YES = {True: "yes", False: "NO"}


@bench_app.command()
def ingest(
    records: Annotated[int, typer.Option(min=1000, help="Readings for ours and the raw limit.")] = 2_000_000,
    quix: Annotated[int, typer.Option(min=1000, help="Readings for Quix Streams.")] = 300_000,
    plain_faust: Annotated[int, typer.Option(min=1000, help="Readings for plain Faust.")] = 50_000,
    series: Annotated[int, typer.Option(min=1, help="Series they belong to.")] = 1_000,
    with_curves: Annotated[bool, typer.Option("--curves", help="Also against size, partitions and workers.")] = False,
    json_only: JsonOnly = False,
) -> None:
    """Records a second and core from Kafka to ClickHouse, beside the raw limit, Quix Streams and plain Faust."""
    from bench import ingest as bench
    from bench.report import progress, show

    counts = bench.Counts(records, quix, plain_faust, series)
    with progress(json_only) as tell:
        result = bench.ingest(counts, tell)
        if with_curves:
            result["curves"] = bench.curves(counts, tell)
    rows = [
        [name, f"{result['records'][name]:,}", f"{result[name]:,}", f"{result['per_cpu_s'][name]:,}"]
        for name in ("ours", "ours_detecting", "raw", "quix", "plain_faust")
    ]
    rows += [
        [f"{what} = {value}", "", f"{speed:,}", ""]
        for what, points in result.get("curves", {}).items()
        for value, speed in points.items()
    ]
    rows += _goals(result, 4)
    title = f"ingest: {result['bytes_json']} bytes a reading in JSON, {result['bytes_arrow']} in a pack"
    show(title, ["", "records", "records/s", "records/CPU s"], rows, result, json_only)


def _measure(name: str, measured: Callable[[Any], dict[str, Any]], json_only: bool) -> None:
    """Run a benchmark whose result is a table of two columns."""
    from bench.report import progress, show

    with progress(json_only) as tell:
        result = measured(tell)
    rows = [[key, str(value)] for key, value in result.items() if key != "goals_met"] + _goals(result, 2)
    show(name, ["", ""], rows, result, json_only)


def _goals(result: dict[str, Any], columns: int) -> list[list[str]]:
    return [[f"goal {goal}", _YES[met], *[""] * (columns - 2)] for goal, met in result["goals_met"].items()]


@bench_app.command()
def faults(
    kills: Annotated[int, typer.Option(min=1, help="How many times something is killed.")] = 10,
    seed: Annotated[int, typer.Option(help="Of what is killed, and when.")] = 1,
    json_only: JsonOnly = False,
) -> None:
    """Kill -9 of worker, ClickHouse and Kafka at random moments under load, then a count by identity."""
    from bench.faults import faults as measured

    _measure("faults", partial(measured, kills, seed), json_only)


@bench_app.command()
def latency(
    rate: Annotated[int, typer.Option(min=20, help="Records a second.")] = 10_000,
    seconds: Annotated[
        float, typer.Option(min=1, help="How long it is measured, after ten seconds of warming up.")
    ] = 30,
    json_only: JsonOnly = False,
) -> None:
    """Time from the producer to the queryable row and to the alert's row, at a steady rate."""
    from bench.latency import latency as measured

    _measure("latency", partial(measured, rate, seconds), json_only)


@bench_app.command()
def outage(
    minutes: Annotated[float, typer.Option(min=0.01, help="How long ClickHouse is away.")] = 10,
    rate: Annotated[int, typer.Option(min=20, help="Records a second, all the time.")] = 10_000,
    json_only: JsonOnly = False,
) -> None:
    """Memory of worker and gateway while ClickHouse is away, then a count by identity."""
    from bench.outage import outage as measured

    _measure("outage", partial(measured, minutes, rate), json_only)


@bench_app.command()
def parse(
    megabytes: Annotated[float, typer.Option(min=0.01, help="Of samples, for each adapter.")] = 10,
    json_only: JsonOnly = False,
) -> None:
    """Records a second and core of every adapter over its recorded samples."""
    from bench.parse import parse as measured
    from bench.report import progress, show

    with progress(json_only) as tell:
        result = measured(megabytes, tell)
    rows = [
        [name, f"{result[name]:,}", f"{result['mb_per_s'][name]}", f"{records:,}", f"{result['rejects'][name]:,}"]
        for name, records in result["records"].items()
    ]
    show("parse", ["adapter", "records/s", "MB/s", "records", "rejects"], rows, result, json_only)


@bench_app.command()
def forecast(
    series: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="CSV; with a column split it is forecast once, as M4's.")
    ],
    out: Annotated[Path | None, typer.Option(help="CSV, or a folder for one, of all forecasts.")] = None,
    every: Annotated[int, typer.Option(min=1, help="Take every so many-th series.")] = 1,
    peers: Annotated[bool, typer.Option(help="Also Prophet, AutoETS, AutoARIMA and SCUM: minutes.")] = True,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one a core, 1: this one.")] = 0,
    json_only: JsonOnly = False,
) -> None:
    """Errors of our forecasts relative to Naive2, and their intervals, on a file of series, beside peers."""
    from bench import forecast as bench
    from bench.report import progress, show
    from forecasting.workers import cores

    with progress(json_only) as tell:
        result = bench.forecast(series, tell, every=every, peers=peers, workers=workers or cores(), out=out)
    columns, rows = bench.table(result)
    goals = [f"goal {goal}: {_YES[met]}" for goal, met in result["goals_met"].items()]
    title = "\n".join([f"{series.name}: {result['series']} series, {result['forecasts']} forecasts", *goals])
    show(title, columns, rows, result, json_only, bench.PACKAGES)


@bench_app.command("forecast-job")
def forecast_job(
    series: Annotated[int, typer.Option(min=1, help="Monthly series of a synthetic province.")] = 1_500,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one a core.")] = 0,
    json_only: JsonOnly = False,
) -> None:
    """Series a second and memory of the nightly forecasts, without store and broker."""
    from bench.forecast_job import forecast_job as measured
    from forecasting.workers import cores

    _measure("forecast-job", partial(measured, series, workers or cores()), json_only)


@bench_app.command()
def nab(
    data: Annotated[Path, typer.Option(help="Holds data/ and labels/combined_windows.json.")],
    detector: Annotated[str, typer.Option(help="A name of the registry; empty: that of unknown series.")] = "",
    scores: Annotated[
        Path | None, typer.Option(help="Folder for a CSV a file: timestamp, value, score, alert.")
    ] = None,
    json_only: JsonOnly = False,
) -> None:
    """Anomalies of the Numenta benchmark, at the shipped threshold and at the best, beside river's detectors."""
    from rich.console import Console

    from models.evaluate import bench
    from models.registry import DEFAULT

    report, table = bench(data, detector or DEFAULT, scores)
    if not json_only:
        Console(width=110).print(table)
    print(json.dumps(report))


@bench_app.command()
def multivariate(
    data: Annotated[Path, typer.Option(help="Holds CSV files with sensors and an anomaly column, a folder a group.")],
    scores: Annotated[
        Path | None, typer.Option(help="Folder for a CSV a file: datetime, score, alarm, sensor.")
    ] = None,
    json_only: JsonOnly = False,
) -> None:
    """Several sensors of one station together: J, false alarms and missed, beside peers from the same run."""
    from bench.multivariate import multivariate as bench
    from bench.multivariate import table
    from bench.peers.multivariate import PEERS
    from bench.report import show

    result = bench(data, PEERS, scores)
    columns = ["", "J", "false alarms", "missed", "F1", "rows/CPU s"]
    show("multivariate", columns, table(result), result, json_only, ("numpy", "river", "scikit-learn"))


@bench_app.command()
def wall(
    rows: Annotated[int, typer.Option(min=10_000, help="Readings in the store.")] = 10_000_000,
    series: Annotated[int, typer.Option(min=10, help="Series they belong to.")] = 1_000,
    rate: Annotated[float, typer.Option(min=0.01, help="Readings a second: how dense in time they lie.")] = 100.0,
    quick: Annotated[bool, typer.Option(help="A five-hundredth of the other records, two runs of each query.")] = False,
    keep: Annotated[Path | None, typer.Option(help="Directory of the store; it stays afterwards.")] = None,
    json_only: JsonOnly = False,
) -> None:
    """Every panel's and view's query over a province's worth of records: p50 and p95 of 20 runs, and bytes a row."""
    from bench.report import progress, show
    from bench.wall import Load
    from bench.wall import wall as measured

    load = Load(rows, series, rate, 0.002, 2) if quick else Load(rows, series, rate)
    with progress(json_only) as tell:
        result = measured(load, tell, keep)
    shown = [[name, f"{p50:.0f}", f"{p95:.0f}"] for name, (p50, p95) in list(result["panel_ms"].items())[:15]]
    shown += [[name, f"{p50:.0f}", f"{p95:.0f}"] for name, (p50, p95) in list(result["view_ms"].items())[:10]]
    shown += [
        [f"{name}, on sums | on raw", str(sums), str(raw)] for name, (sums, raw) in result["on_sums_and_raw_ms"].items()
    ]
    shown += [[f"bytes a row of {table}", str(size), ""] for table, size in result["bytes_per_row_of"].items()]
    show(
        f"wall: {result['rows']:,} readings, {result['panels']} panels",
        ["", "p50 ms", "p95 ms"],
        shown + _goals(result, 3),
        result,
        json_only,
    )
