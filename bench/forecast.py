"""Forecasts of a file of series, ours beside its peers', in processes of their own; one table and one JSON line."""

from __future__ import annotations

import csv
import gzip
import math
import resource
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from bench.forecast_cases import Case, cases
from bench.forecast_models import CHEAP, OURS, PEERS, SCUM, YARDSTICK, Answer, naive2, scum, warm
from bench.forecast_scores import Score, coverage, difference, frame_of, owa, score
from bench.report import Tell
from forecasting.files import has_split
from forecasting.intervals import LEVELS
from forecasting.workers import Lost, each
from ioc.errors import BadInput, ConfigurationError

PACKAGES = ("prophet", "cmdstanpy", "statsforecast", "numpy", "pandas", "scipy", "numba")
COLUMNS = ("id", "origin", "ds", "model", "value", "low80", "high80", "low95", "high95")
_SHOWN = (OURS, "Prophet default", "AutoETS", "AutoARIMA", SCUM, "AutoCES", "DynamicOptimizedTheta", "seasonal naive")
_FAST = 1.0  # series a second and core that the whole choice must do
_ARIMA_OF_YEARS_S = 1800.0


@dataclass(frozen=True)
class Answered:
    """All answers to one case, their scores, and what could not answer."""

    answers: dict[str, Answer]
    scores: list[Score]


def answered(case: Case, *, peers: bool) -> Answered:
    """Let every model answer and score it; one that raises is scored by Naive2's forecast and counted."""
    warm(peers=peers)
    answers: dict[str, Answer] = {}
    seconds: dict[str, float] = {}
    for name, model in (CHEAP | PEERS if peers else CHEAP).items():
        began = _processor_s()
        try:
            answers[name] = model(case)
        except Exception:
            if name in CHEAP:
                raise
        seconds[name] = _processor_s() - began
    if peers:
        answers[SCUM] = scum(answers)
        seconds[SCUM] = sum(seconds[name] for name in ("AutoETS", "DynamicOptimizedTheta", "AutoARIMA", "AutoCES"))
    instead = naive2(case)
    return Answered(
        answers,
        [score(case, n, answers.get(n, instead), s, failed=n not in answers) for n, s in seconds.items()],
    )


def _processor_s() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)  # Prophet fits in a process of its own
    return time.process_time() + children.ru_utime + children.ru_stime


def forecast(file: Path, tell: Tell, *, every: int, peers: bool, workers: int, out: Path | None) -> dict[str, Any]:
    """Measure, and write the forecasts to `out`.

    Args:
        file: see `bench.forecast_cases.cases`.
        tell: progress.
        every: take every so many-th series.
        peers: also measure what is costly beside ours.
        workers: processes; 1: this one.
        out: CSV, ``.csv.gz``, or a folder for a CSV named after the file.

    Raises:
        BadInput: the file cannot be measured on.
        ConfigurationError: a process died.
    """
    found = list(cases(file, every))
    if not found:
        raise BadInput(file.name, "y", "no series is long enough to be measured on")
    scores: list[Score] = []
    rows: list[tuple[str, ...]] = []
    for number, (case, result) in enumerate(_answers(found, workers, peers=peers)):
        if isinstance(result, Lost):
            raise ConfigurationError(f"series {case.past.indicator} could not be measured: {result.reason}")
        scores.extend(result.scores)
        rows.extend(_rows(case, result.answers))
        tell((number + 1) / len(found), case.past.indicator)
    if out is not None:
        _write(out, file, sorted(rows))
    return report(frame_of(scores), rolling=not has_split(file))


def _answers(found: list[Case], workers: int, *, peers: bool) -> Iterator[tuple[Case, Answered | Lost]]:
    one = partial(answered, peers=peers)
    if workers == 1:
        return ((case, one(case)) for case in found)
    return each(one, found, workers, limit_s=_ARIMA_OF_YEARS_S, per_process=len(found))


def report(frame: pd.DataFrame, *, rolling: bool) -> dict[str, Any]:
    """The numbers of a run; what a model or file has none of is None.

    Args:
        frame: of `bench.forecast_scores.frame_of`.
        rolling: whether the series are Vietnamese ones at several origins, to which other goals belong.
    """
    means = _means(frame)
    ours, others = means[OURS], [m for m in means if m != OURS]
    by = {str(f): part for f, part in frame.groupby("frequency")}
    result: dict[str, Any] = {
        "owa": owa(frame, OURS),
        "owa_jan_feb": owa(frame, OURS, tet=True),
        "smape": ours["smape"],
        "mase": ours["mase"],
        "coverage80": coverage(frame, OURS, 80),
        "coverage95": coverage(frame, OURS, 95),
        "msis95": ours["msis95"],
        "series_per_s": 1.0 / max(ours["seconds"], 1e-9),
        "peers": {m: owa(frame, m) for m in others},
        "peers_jan_feb": {m: owa(frame, m, tet=True) for m in others},
        "diff_ci": {m: difference(frame, OURS, m) for m in others},
        "diff_ci_jan_feb": {m: difference(frame, OURS, m, tet=True) for m in others},
        "owa_by": {f: {m: owa(part, m) for m in means} for f, part in by.items()},
        "coverage_by": {f: {str(p): coverage(part, OURS, p) for p in (80, 95)} for f, part in by.items()},
        "models": {m: _one(frame, m, means[m]) for m in means},
        "series": frame["series"].nunique(),
        "forecasts": int((frame["model"] == OURS).sum()),
    }
    rounded: dict[str, Any] = _rounded(result)
    return rounded | {"goals_met": _goals(rounded, rolling=rolling)}


def _means(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    means = frame.groupby("model")[["smape", "mase", "msis95", "seconds"]].mean()
    return {str(model): {str(k): float(v) for k, v in row.items()} for model, row in means.to_dict("index").items()}


def _one(frame: pd.DataFrame, model: str, means: dict[str, float]) -> dict[str, Any]:
    numbers = {name: means[name] for name in ("smape", "mase", "msis95")}
    ends = {f"coverage{p}": coverage(frame, model, p) for p in (80, 95)}
    failed = int(frame.loc[frame["model"] == model, "failed"].sum())
    return {**numbers, **ends, "cpu_s": means["seconds"], "failed": failed}


def _goals(result: dict[str, Any], *, rolling: bool) -> dict[str, bool]:
    speed = {f">= {_FAST:g} series a second and core": result["series_per_s"] >= _FAST}
    if rolling:
        return {"OWA January-February <= .80": (result["owa_jan_feb"] or math.inf) <= 0.80} | speed
    goals = {"OWA <= .81": result["owa"] <= 0.81}
    for name in ("AutoETS", "AutoARIMA"):
        if name in result["diff_ci"]:
            goals[f"better than {name}, 95 % sure"] = result["diff_ci"][name][1] < 0
    for frequency in {"M", "Q"} & result["coverage_by"].keys():
        inside = result["coverage_by"][frequency]
        goals[f"coverage {frequency} 80 +- 2, 95 +- 1.5"] = (
            abs(inside["80"] - 80) <= 2 and abs(inside["95"] - 95) <= 1.5
        )
    return goals | speed


def _rounded(value: Any) -> Any:
    """Four decimals, and None for what is no number, down to the leaves."""
    match value:
        case dict():
            return {key: _rounded(each_) for key, each_ in value.items()}
        case tuple():
            return [_rounded(each_) for each_ in value]
        case float():
            return round(value, 4) if math.isfinite(value) else None
    return value


def table(result: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Columns and rows for people, a model each; then ours by frequency."""
    columns = ["", "OWA", "Jan-Feb", "ours - it", "sMAPE", "MASE", "in 80/95 %", "MSIS95", "CPU s"]
    named = {OURS: result["owa"], **result["peers"]}
    tet = {OURS: result["owa_jan_feb"], **result["peers_jan_feb"]}
    rows = [
        _row(name, named[name], tet[name], result["diff_ci"].get(name), result["models"][name])
        for name in (*_SHOWN, YARDSTICK)
        if name in named
    ]
    for frequency, owas in result["owa_by"].items():
        inside = _inside(*result["coverage_by"][frequency].values())
        rows.append([f"ours, {frequency}", _text(owas[OURS], 3), "", "", "", "", inside, "", ""])
    return columns, rows


def _row(
    name: str, total: float, tet: float | None, apart: list[float] | None, one: Mapping[str, float | None]
) -> list[str]:
    ends = f"{apart[0]:+.3f} {apart[1]:+.3f}" if apart else ""
    errors = [_text(one["smape"], 2), _text(one["mase"], 3)]
    band = [_inside(one["coverage80"], one["coverage95"]), _text(one["msis95"], 1)]
    return [name, _text(total, 3), _text(tet, 3), ends, *errors, *band, _text(one["cpu_s"], 3)]


def _inside(at80: float | None, at95: float | None) -> str:
    return "" if at80 is None else f"{_text(at80, 1)} {_text(at95, 1)}"


def _text(value: float | None, decimals: int) -> str:
    return "" if value is None else f"{value:.{decimals}f}"


def _rows(case: Case, answers: dict[str, Answer]) -> Iterator[tuple[str, ...]]:
    for model, (value, bands) in answers.items():
        for j, day in enumerate(case.days):
            ends = [f"{end[j]:.10g}" for p in LEVELS for end in bands[p]] if bands else [""] * 2 * len(LEVELS)
            yield case.past.indicator, case.past.last.isoformat(), day.isoformat(), model, f"{value[j]:.10g}", *ends


def _write(out: Path, file: Path, rows: list[tuple[str, ...]]) -> None:
    path = out if ".csv" in out.suffixes else out / f"{file.name.partition('.')[0]}-forecasts.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        gzip.open(path, "wt", newline="", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open("w", newline="", encoding="utf-8") as stream
    ):
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
