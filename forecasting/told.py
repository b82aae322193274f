"""A "what if" as plain data, for the command line and the page."""

from __future__ import annotations

from typing import Any

import numpy as np

from forecasting.intervals import LEVELS
from forecasting.periods import first_days
from forecasting.what_if import Ahead, Answer, Known, sentences

_SHOWN = 24  # periods of the past on the chart


def told(found: Answer) -> dict[str, Any]:
    """The band before and after, the effects and the sentences."""
    indicator = found.known.indicator
    return {
        "indicator": indicator.id,
        "name": indicator.name,
        "unit": indicator.unit,
        "decimals": indicator.decimals,
        "past": _past(found.known),
        "periods": [
            {"period": day.isoformat(), "before": _at(found.before, n), "after": _at(found.after, n)}
            for n, day in enumerate(found.before.days)
        ],
        "effects": [
            {"lever": name, "slope": e.slope, "sd": e.sd, "measurable": e.measurable}
            for name, e in found.effects.items()
        ],
        "sentences": sentences(found),
    }


def _past(known: Known) -> list[dict[str, Any]]:
    """The latest values, for the chart; none of what is published counted up, which is modelled period by period."""
    if known.indicator.cumulative:
        return []
    past = known.past
    shown = range(max(len(past) - _SHOWN, 0), len(past))
    days = first_days([past.start + n for n in shown], past.frequency)
    values = past.scale.back(past.z[shown.start :])
    return [{"period": d.isoformat(), "value": float(v)} for d, v in zip(days, values, strict=True) if np.isfinite(v)]


def _at(ahead: Ahead, n: int) -> dict[str, float]:
    ends = {f"low{round(100 * p)}": float(ahead.low[p][n]) for p in LEVELS}
    return {
        "value": float(ahead.value[n]),
        **ends,
        **{f"high{round(100 * p)}": float(ahead.high[p][n]) for p in LEVELS},
    }
