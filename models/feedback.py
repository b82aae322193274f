"""How far operators' verdicts move the alert thresholds of series: a pure function of what was said and of a moment.

Where a share of p alerts is true, a threshold c times as rare lets through a c-th of the false ones and, nearly, all of
the true ones, for these are far rarer than any threshold; so the odds of an alert become c·p/(1-p), and those of the
goal g are reached at c = g/(1-g)·(1-p)/p. p is a Beta posterior: the series' own verdicts over a prior of the weight of
`TRUST` verdicts, whose mean is the goal, or less where alerts of the same source, metric and detector at other stations
were judged false (partial pooling; source: Gelman et al., Bayesian Data Analysis, 5.3). Verdicts lose half of their
weight in `HALF_LIFE`. Confirmed alerts never make a series more talkative than shipped; missed events do.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple

import numpy as np

from ioc.records import Verdict
from models.book import LEAST_FACTOR, MOST_FACTOR
from models.registry import make, names
from models.series import Key

HALF_LIFE = timedelta(days=60)
TRUST = 2.0  # verdicts that the prior weighs: with the goal at one half it is the uniform one
OCTAVES_A_WEEK = 2.0  # from Monday to Monday (UTC) a factor changes at most fourfold
FORGOTTEN = timedelta(days=400)  # a verdict then weighs less than a hundredth

_MONDAY = datetime(1970, 1, 5, tzinfo=UTC)
_WEEK, _DAY = timedelta(days=7), timedelta(days=1)


class Adaptation(NamedTuple):
    """What follows from the verdicts of one series.

    Attributes:
        factor: on the thresholds of its statistical detectors; above 1 alerts are fewer.
        wanted: where the factor goes, a week's steps aside.
        true, false, missed: verdicts that count, whatever they weigh by now.
        last: the newest of them.
    """

    factor: float
    wanted: float
    true: int
    false: int
    missed: int
    last: datetime


def adaptations(verdicts: Iterable[Verdict], moment: datetime, goal: float = 0.5) -> dict[Key, Adaptation]:
    """The adaptation of every series of which something was said that counts.

    Args:
        verdicts: in any order, also those that were replaced, and the same one twice.
        moment: aware; what was received later is not known yet. Verdicts age by the hour: between two of them the
            outcome depends on what is known alone.
        goal: the share of alerts that should be true, between 0 and 1.

    Returns:
        By series; one that nobody spoke of is left out: its factor is 1.
    """
    hour = moment.replace(minute=0, second=0, microsecond=0)
    said = _that_count([v for v in verdicts if v.received_at <= moment], hour)
    if not said:
        return {}
    of: dict[Key, list[Verdict]] = {}
    for verdict in said:
        of.setdefault(_key(verdict), []).append(verdict)
    wanted = _wanted(said, list(of), _grid(hour), goal)
    reached = _by_weeks(wanted)
    return {key: _told(of[key], reached[at], np.exp2(wanted[-1, at])) for at, key in enumerate(of)}


def factors(verdicts: Iterable[Verdict], moment: datetime, goal: float = 0.5) -> dict[Key, float]:
    """The same for `models.bank.Bank.adapt`."""
    return {key: found.factor for key, found in adaptations(verdicts, moment, goal).items()}


def latest(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Of each anomaly the verdict that counts, of what is no anomaly's everything, oldest first."""
    ordered = sorted(verdicts, key=lambda v: (v.decided_at, v.received_at, v.event_id))
    return list({v.anomaly or v.event_id: v for v in ordered}.values())


def _that_count(verdicts: Iterable[Verdict], hour: datetime) -> list[Verdict]:
    """True, false and missed, not forgotten, since the series was last reset."""
    known = [v for v in verdicts if v.decided_at > hour - FORGOTTEN]
    reset = {_key(v): v.decided_at for v in latest(known) if v.verdict == "reset"}
    return [
        v for v in latest(known)
        if (v.verdict == "missed" or (v.verdict in {"true", "false"} and _adapts(v.detector)))
        and (_key(v) not in reset or v.decided_at > reset[_key(v)])
    ]  # fmt: skip


def _wanted(said: Sequence[Verdict], keys: Sequence[Key], grid: np.ndarray, goal: float) -> np.ndarray:
    """(moments, series) the logarithm to base 2 of the factor that the verdicts until each moment ask for."""
    weights = _weights(np.array([_days(v.decided_at) for v in said]), grid)
    kind, of = np.array([v.verdict for v in said]), _places(keys, [_key(v) for v in said])
    true, false = weights * (kind == "true"), weights * (kind == "false")
    prior = goal - _pooled(said, of, true, false, goal, len(keys))
    own_true, own_false = _summed(true, of, len(keys)), _summed(false, of, len(keys))
    odds = (TRUST * (1 - prior) + own_false) / (TRUST * prior + own_true)
    fewer = np.maximum(np.log2(odds * goal / (1 - goal)), 0.0)
    more = np.log2(1 + _summed(weights * (kind == "missed"), of, len(keys)))
    wanted: np.ndarray = np.clip(fewer - more, np.log2(LEAST_FACTOR), np.log2(MOST_FACTOR))
    return wanted


def _pooled(
    said: Sequence[Verdict], of: np.ndarray, true: np.ndarray, false: np.ndarray, goal: float, series: int
) -> np.ndarray:  # fmt: skip
    """(moments, series) how far below the goal the family's alerts at other stations pull the prior of a series.

    Only as far as the series has false alerts of its own from the same detector: its neighbours alone make it no blinder.
    """
    families = [(v.source, v.metric, v.detector) for v in said]
    named, pairs = sorted(set(families)), list(zip(of.tolist(), families, strict=True))
    pair_names = sorted(set(pairs))
    family_of, pair_of = _places(named, families), _places(pair_names, pairs)
    at = np.array([named.index(family) for _, family in pair_names])
    own_true, own_false = (_summed(x, pair_of, len(pair_names)) for x in (true, false))
    others_true = np.maximum(_summed(true, family_of, len(named))[:, at] - own_true, 0.0)
    others_false = np.maximum(_summed(false, family_of, len(named))[:, at] - own_false, 0.0)
    mean = (TRUST * goal + others_true) / (TRUST + others_true + others_false)
    pull = np.maximum(goal - mean, 0.0) * own_false / (own_false + TRUST)
    most = np.zeros((len(true), series))
    for column, (owner, _) in enumerate(pair_names):
        most[:, owner] = np.maximum(most[:, owner], pull[:, column])
    return most


def _by_weeks(wanted: np.ndarray) -> np.ndarray:
    """(series,) the factor at the last moment, reached from 1 in steps that are bounded between two Mondays."""
    reached = np.zeros(wanted.shape[1])
    for row in wanted:
        reached = np.clip(row, reached - OCTAVES_A_WEEK, reached + OCTAVES_A_WEEK)
    return np.exp2(reached)


def _grid(hour: datetime) -> np.ndarray:
    """The Mondays since verdicts count, then the hour itself; days since 1970."""
    first = (hour - FORGOTTEN - _MONDAY) // _WEEK
    last = (hour - _MONDAY) // _WEEK
    mondays = [_days(_MONDAY + week * _WEEK) for week in range(first, last + 1)]
    return np.array([*mondays, _days(hour)])


def _weights(decided: np.ndarray, grid: np.ndarray) -> np.ndarray:
    """(moments, verdicts) what a verdict weighs at a moment: nothing before it was decided, then less and less.

    At the last of them all are known, those decided within the hour as well.
    """
    age = grid[:, None] - decided
    weights = np.where(age >= 0, np.exp2(-np.maximum(age, 0) / (HALF_LIFE / _DAY)), 0.0)
    weights[-1, age[-1] < 0] = 1.0
    return weights


def _summed(weights: np.ndarray, of: np.ndarray, columns: int) -> np.ndarray:
    """(moments, columns) weights summed over what belongs to each column."""
    sums = np.zeros((columns, len(weights)))
    np.add.at(sums, of, weights.T)
    return sums.T


def _places(named: Sequence[object], wanted: Sequence[object]) -> np.ndarray:
    index: Mapping[object, int] = {name: at for at, name in enumerate(named)}
    return np.array([index[name] for name in wanted])


def _told(said: Sequence[Verdict], factor: np.float64, wanted: np.float64) -> Adaptation:
    true, false, missed = (sum(v.verdict == kind for v in said) for kind in ("true", "false", "missed"))
    return Adaptation(float(factor), float(wanted), true, false, missed, max(v.decided_at for v in said))


def _key(verdict: Verdict) -> Key:
    return (verdict.source, verdict.station, verdict.metric)


def _days(moment: datetime) -> float:
    return (moment - _MONDAY) / _DAY


@cache
def _adapts(detector: str) -> bool:
    """Whether a threshold moves by what is said of its alerts: a limit, a gap, a stuck sensor are what they are."""
    return detector in names() and make(detector).adapts
