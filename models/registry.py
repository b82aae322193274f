"""Which detectors a series gets: a detector is a file of this package and its name in the catalogue, nothing else."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path
from typing import Any

import models
from ioc.catalog.model import Metric
from ioc.errors import ConfigurationError
from models.base import Detector
from models.limits import Limits
from models.stuck import Stuck
from models.thresholds import one_in_for

DEFAULT = "shape"  # of series the catalogue does not describe


def make(name: str) -> Detector:
    """A new detector with its default parameters.

    Raises:
        ConfigurationError: there is none of that name; the message names those there are.
    """
    found = _class_in(name)
    if found is None:
        raise ConfigurationError(f"no detector {name!r} in models/; there are {', '.join(names())}")
    return found()  # type: ignore[no-any-return]


def names() -> list[str]:
    """The names of all detectors, read from their files: importing the whole package would load a plotting library."""
    files = (
        Path(folder) / f"{module.name}.py" for folder in models.__path__ for module in pkgutil.iter_modules([folder])
    )
    return sorted(f.stem for f in files if f'name: ClassVar[str] = "{f.stem}"' in f.read_text(encoding="utf-8"))


def detectors_of(metric: Metric | None, every_s: int = 300) -> list[Detector]:
    """The detectors of one series: the metric's own, those beside it, and `limits` where there are any.

    Args:
        metric: from the catalogue, None for a series it does not describe. An empty `detector` means that nothing is
            usual about this metric: only its limits count.
        every_s: expected seconds between two points.

    Raises:
        ConfigurationError: the metric names a detector that does not exist, or one twice.
    """
    detectors = [make(name) for name in _names_of(metric)]
    for detector in detectors:
        detector.one_in = one_in_for(detector, metric.false_alarms_per_week if metric else None, every_s)
    if metric is not None and metric.limits:
        detectors.append(Limits(metric.limits, every_s))
    return detectors


def _names_of(metric: Metric | None) -> list[str]:
    """The metric's own detector first, then `stuck`: the pair that the bank runs compiled."""
    if metric is None:
        return [DEFAULT, Stuck.name]
    if not metric.detector:
        return []
    found = [metric.detector, *sorted(metric.beside, key=lambda name: name != Stuck.name)]
    if wrong := [name for name in found if name == Limits.name or found.count(name) > 1]:
        reason = "comes with the limits, leave it out" if wrong[0] == Limits.name else "is named twice"
        raise ConfigurationError(f"metric {metric.id}: detector {wrong[0]!r} in `detector` or `beside` {reason}")
    return found


@cache
def _class_in(name: str) -> type[Any] | None:
    if name not in names():
        return None
    members = vars(importlib.import_module(f"models.{name}")).values()
    return next(m for m in members if isinstance(m, type) and vars(m).get("name") == name)
