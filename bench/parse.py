"""Records a second and core of every adapter over its recorded samples, parsed again and again."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from bench.report import Tell
from ioc.catalog.load import load_catalog
from ioc.catalog.model import Catalog, Source
from ioc.errors import ConfigurationError
from ioc.packs import utc_now
from streams.sources.base import Arrival, Reject, adapter

SAMPLES = Path(__file__).parents[1] / "tests" / "fixtures" / "sources"


def parse(megabytes: float, tell: Tell) -> dict[str, Any]:
    """Records/s by adapter, and under `records`, `rejects` and `mb_per_s` what that was measured on.

    Raises:
        ConfigurationError: the recorded samples are not here.
    """
    catalog = load_catalog(None)
    found: dict[str, Any] = {}
    details: dict[str, dict[str, float]] = {"records": {}, "rejects": {}, "mb_per_s": {}}
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        for number, source in enumerate(catalog.sources.values()):
            if source.adapter in found:
                continue
            tell(number / len(catalog.sources), source.adapter)
            records, rejects, size, seconds = measured(source, catalog, megabytes)
            found[source.adapter] = round(records / seconds)
            details["records"][source.adapter], details["rejects"][source.adapter] = records, rejects
            details["mb_per_s"][source.adapter] = round(size / 1e6 / seconds, 2)
    finally:
        os.sched_setaffinity(0, before)
    return {**found, **details}


def measured(source: Source, catalog: Catalog, megabytes: float) -> tuple[int, int, int, float]:
    """Records, rejects, bytes and CPU seconds until so many megabytes of its good samples went through."""
    paths = sorted((SAMPLES / source.id / "good").glob("*"))
    if not paths:
        raise ConfigurationError(
            f"no recorded sample of {source.id} in {SAMPLES}; `ioc bench parse` needs the checkout"
        )
    samples = [(path.name, path.read_bytes()) for path in paths]
    parse_one, now = adapter(source.adapter), utc_now()
    records = rejects = size = 0
    began = time.process_time()
    while size < megabytes * 1e6:
        for name, payload in samples:
            for part in parse_one(payload, source, Arrival(now, name, catalog)):
                if isinstance(part, Reject):
                    rejects += 1
                else:
                    records += 1
            size += len(payload)
    return records, rejects, size, time.process_time() - began
