"""What indicators, shocks and seasons must be to each other, so that forecasts mean what the catalogue says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ioc.catalog.check import Fault, Found, twice
from ioc.catalog.model import Indicator, Season, Shock

TET = "tet"  # the regressor that every province has
_LEAP = 2000  # a year that has every month and day


def of_forecasts(indicators: Sequence[Indicator], shocks: Sequence[Shock], seasons: Sequence[Season]) -> list[Fault]:
    """Everything wrong with what the forecasts are told."""
    known = {i.id: i for i in indicators}
    regressors = {TET, *(s.id for s in seasons)}
    found = [
        ("indicators.toml", *f) for i, entry in enumerate(indicators) for f in _indicator(i, entry, known, regressors)
    ]
    found += [("shocks.toml", *fault) for index, shock in enumerate(shocks) for fault in _shock(index, shock, known)]
    found += [("seasons.toml", *fault) for index, season in enumerate(seasons) for fault in _season(index, season)]
    found += [("shocks.toml", *fault) for fault in twice("shock", "id", [s.id for s in shocks])]
    found += [("seasons.toml", *fault) for fault in twice("season", "id", [s.id for s in seasons])]
    return found


def _indicator(index: int, entry: Indicator, known: dict[str, Indicator], regressors: set[str]) -> Found:
    key = f"indicator[{index}]"
    for name in entry.regressors:
        if name not in regressors:
            yield (
                f"{key}.regressors",
                f"no regressor {name!r}: there are {', '.join(sorted(regressors))} (seasons.toml)",
            )
    if entry.cumulative and (entry.aggregate != "sum" or entry.frequency == "Y"):
        yield (
            f"{key}.cumulative",
            'values that count up within a year need aggregate = "sum" and a frequency below a year',
        )
    for lever in entry.levers:
        other = known.get(lever.indicator)
        if other is None:
            yield f"{key}.levers", f"no indicator {lever.indicator!r} in indicators.toml"
        elif other.id == entry.id:
            yield f"{key}.levers", "an indicator is not its own lever"
        elif other.frequency != entry.frequency:
            yield (
                f"{key}.levers",
                f"{other.id} has frequency {other.frequency}, not {entry.frequency}; a lever needs the same",
            )


def _shock(index: int, shock: Shock, known: dict[str, Indicator]) -> Found:
    key = f"shock[{index}]"
    if shock.last < shock.first:
        yield f"{key}.last", f"{shock.last} is before first {shock.first}"
    for name in shock.indicators:
        if name not in known:
            yield f"{key}.indicators", f"no indicator {name!r} in indicators.toml"


def _season(index: int, season: Season) -> Found:
    key = f"season[{index}]"
    if season.id == TET:
        yield f"{key}.id", f"{TET!r} is built in; choose another id"
    for name, day in (("begins", season.begins), ("ends", season.ends)):
        try:
            date.fromisoformat(f"{_LEAP}-{day}")
        except ValueError:
            yield f"{key}.{name}", f"{day} is no month and day of a year"
    begun: set[int] = set()
    for span in season.years:
        if span.last < span.first:
            yield f"{key}.years", f"{span.last} is before {span.first}"
        if span.first.year in begun:
            yield f"{key}.years", f"two seasons begin in {span.first.year}"
        begun.add(span.first.year)
