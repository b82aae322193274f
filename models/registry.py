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
    """The detectors of one series: the metric's own, `stuck` beside it, and `limits` where there are any.

    Args:
        metric: from the catalogue, None for a series it does not describe. An empty `detector` means that nothing is
            usual about this metric: only its limits count.
        every_s: expected seconds between two points.
    """
    name = metric.detector if metric is not None else DEFAULT
    detectors = [make(name), Stuck()] if name else []
    if metric is not None and metric.limits:
        detectors.append(Limits(metric.limits, every_s))
    return detectors


@cache
def _class_in(name: str) -> type[Any] | None:
    if name not in names():
        return None
    members = vars(importlib.import_module(f"models.{name}")).values()
    return next(m for m in members if isinstance(m, type) and vars(m).get("name") == name)
