"""Dossiers as departments' systems send them: JSON members over HTTP, and a CSV report of the agency that has no API."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from ioc.catalog.model import Catalog
from simulator.chance import pick
from simulator.dossier_way import Step
from simulator.dossiers import Dossiers
from simulator.files import File
from simulator.kinds import DOSSIERS
from simulator.people import person
from simulator.workdays import ZONE

_REPORTS = ((11, 45), (17, 15))  # local times at which the CSV reports are dropped


def item(step: Step, catalog: Catalog) -> dict[str, Any]:
    """One status with all members a one-stop system sends, those of the person among them."""
    dossier = step.dossier
    agency = catalog.agencies[dossier.counter.id]
    return {
        "ma_ho_so": dossier.code,
        "ma_thu_tuc": dossier.procedure.code,
        "ten_thu_tuc": dossier.procedure.name,
        "linh_vuc": dossier.procedure.field,
        "co_quan": pick((agency.name, agency.short, agency.id), dossier.counter.id),
        "kenh_nop": dossier.channel,
        "muc_do": dossier.level,
        "ngay_tiep_nhan": _iso(dossier.submitted_at),
        "ngay_hen_tra": _iso(step.due_at),
        "ngay_tra": _iso(step.finished_at),
        "trang_thai": step.status,
        "thoi_diem": _iso(step.at),
        "phi": dossier.procedure.fee or None,
        "ma_xa": dossier.area,
        **person(dossier.person),
    }


def payload(steps: Sequence[Step], catalog: Catalog) -> bytes:
    """The body of one call."""
    return msgspec.json.encode({"data": [item(step, catalog) for step in steps]})


def over_http(steps: Sequence[Step]) -> list[Step]:
    """Those whose agency calls us."""
    return [step for step in steps if step.dossier.counter.way == "http"]


def reports(dossiers: Dossiers, catalog: Catalog, after: datetime, until: datetime) -> list[File]:
    """The CSV reports dropped in (after, until]: each holds what happened since the report before."""
    files = []
    for previous, at in _report_times(after, until):
        steps = [s for s in dossiers.between(previous, at) if s.dossier.counter.way == "csv"]
        for agency in dict.fromkeys(step.dossier.counter.id for step in steps):
            own = [step for step in steps if step.dossier.counter.id == agency]
            name = f"bao-cao_{agency}_{at.astimezone(ZONE):%Y%m%d%H%M}.csv"
            files.append(File(at, DOSSIERS, name, _csv(own, catalog)))
    return files


def _report_times(after: datetime, until: datetime) -> Iterator[tuple[datetime, datetime]]:
    """(report before, report) for every report in (after, until]."""
    day = after.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    previous: datetime | None = None
    while day <= until:
        for hour, minute in _REPORTS:
            at = day.replace(hour=hour, minute=minute)
            if previous is not None and after < at <= until:
                yield previous, at
            previous = at
        day += timedelta(days=1)


def _csv(steps: Sequence[Step], catalog: Catalog) -> bytes:
    """Semicolons, a byte order mark and local times, as spreadsheets of this country export."""
    text = io.StringIO()
    items = [item(step, catalog) for step in steps]
    writer = csv.DictWriter(text, list(items[0]), delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    for row, step in zip(items, steps, strict=True):
        times = {
            "ngay_tiep_nhan": _local(step.dossier.submitted_at),
            "ngay_hen_tra": _local(step.due_at),
            "ngay_tra": _local(step.finished_at),
            "thoi_diem": _local(step.at),
        }
        writer.writerow(row | times)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _iso(epoch: int | None) -> str | None:
    return None if epoch is None else datetime.fromtimestamp(epoch, ZONE).isoformat()


def _local(epoch: int | None) -> str:
    return "" if epoch is None else datetime.fromtimestamp(epoch, ZONE).strftime("%d/%m/%Y %H:%M:%S")
