"""Which records are made out of which: readings → anomalies, posts → stances, anomalies and stances → alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.agents.alert import AnomalyAlerts, StanceAlerts
from streams.agents.detect import Detect
from streams.agents.judge import JudgePosts

if TYPE_CHECKING:
    from ioc.catalog.model import Catalog
    from ioc.settings import Settings
    from streams.agents.pipeline import Deriver


def derivers(settings: Settings, catalog: Catalog) -> dict[str, Deriver]:
    """The deriver of each kind that has one."""
    detect = {"readings": Detect(settings, catalog)} if settings.detect else {}
    return detect | {
        "posts": JudgePosts(catalog),
        "anomalies": AnomalyAlerts(catalog),
        "stances": StanceAlerts(catalog),
    }
